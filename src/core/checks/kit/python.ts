/** Decides what is told of Python code under test: the values compared, the lines run, and the operands of bare asserts. */

/** Shared: shapes an exception, finds compared values in the traceback's own variables, writes lines into the output folder. */
export const PYTHON_REPORT = String.raw`
import ast, json, linecache, os, sys, traceback

OUT = os.environ.get("GROUNDCREW_OUT")
ROOT = os.path.realpath(os.environ.get("GROUNDCREW_COVER_ROOT") or os.getcwd())
KIT = os.path.dirname(os.path.abspath(__file__))
VALUE_MAX, TEXT_MAX, FRAMES_MAX = 400, 4000, 12
PAIRS = (("first", "second"), ("member", "container"), ("a", "b"), ("list1", "list2"), ("tuple1", "tuple2"), ("set1", "set2"), ("d1", "d2"), ("seq1", "seq2"))

def ours(path):
    if path.startswith("<"):
        return False
    real = os.path.realpath(path)
    return real.startswith(ROOT + os.sep) and "site-packages" not in real and not real.startswith(KIT + os.sep) and os.sep + "node_modules" + os.sep not in real

def show(value):
    try:
        text = repr(value)
    except Exception as problem:
        text = "<repr failed: %s>" % type(problem).__name__
    return text if len(text) <= VALUE_MAX else text[:VALUE_MAX] + "…"

def literal(node):
    try:
        ast.literal_eval(node)
        return True
    except Exception:
        return False

def first_is_expected(path, line):
    """True where the call at this line has a literal first argument and none as its second: assertEqual(3, f())."""
    try:
        tree = ast.parse("".join(linecache.getlines(path)))
    except Exception:
        return False
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.lineno <= line <= (node.end_lineno or node.lineno) and len(node.args) >= 2:
            if isinstance(node.func, ast.Attribute) and node.func.attr.startswith("assert"):
                return literal(node.args[0]) and not literal(node.args[1])
    return False

def operands(error, tb):
    noted = getattr(error, "groundcrew", None)
    if noted:
        return noted
    frame, inner = None, None
    while tb is not None:
        name = tb.tb_frame.f_code.co_filename.replace(os.sep, "/")
        if name.endswith("unittest/case.py"):
            inner = inner or tb.tb_frame
        elif ours(name):
            frame, inner = (name, tb.tb_lineno), None
        tb = tb.tb_next
    if inner is None:
        return None
    for left, right in PAIRS:
        if left in inner.f_locals and right in inner.f_locals:
            one, two = show(inner.f_locals[left]), show(inner.f_locals[right])
            if frame and first_is_expected(*frame):
                one, two = two, one
            return {"actual": one, "expected": two}
    return None

def shape(kind, error, tb):
    while tb is not None and tb.tb_next is not None and not ours(tb.tb_frame.f_code.co_filename):
        tb = tb.tb_next
    frames = [
        {"path": os.path.realpath(one.filename), "line": one.lineno, "symbol": one.name, "text": (one.line or "").strip()[:200]}
        for one in traceback.extract_tb(tb) if ours(one.filename)
    ]
    frames.reverse()
    if isinstance(error, SyntaxError) and error.filename and ours(error.filename):
        frames.insert(0, {"path": os.path.realpath(error.filename), "line": error.lineno or 1, "symbol": "", "text": (error.text or "").strip()[:200]})
    try:
        message = str(error)
    except Exception:
        message = ""
    found = {"name": getattr(kind, "__name__", str(kind)), "message": message[:TEXT_MAX], "frames": frames[:FRAMES_MAX]}
    found.update(operands(error, tb) or {})
    return found

def write(record, name="tests.jsonl"):
    if OUT:
        with open(os.path.join(OUT, name), "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(json.dumps(record) + "\n")
`;

/** Lines of the workspace that ran: sys.monitoring from 3.12, sys.settrace before. */
export const PYTHON_COVERAGE = String.raw`
import atexit, os, sys, threading
from gc_report import ours, write

lines = {}

def start():
    if hasattr(sys, "monitoring"):
        watch_events()
    else:
        sys.settrace(enter)
        threading.settrace(enter)
    atexit.register(finish)

def watch_events():
    mon = sys.monitoring
    tool = next((one for one in (3, 4, 1, 0) if mon.get_tool(one) is None), None)
    if tool is None:
        return
    mon.use_tool_id(tool, "groundcrew")
    known = {}
    def line(code, number):
        path = code.co_filename
        if path not in known:
            known[path] = ours(path)
        if known[path]:
            lines.setdefault(path, set()).add(number)
        return mon.DISABLE
    mon.register_callback(tool, mon.events.LINE, line)
    mon.set_events(tool, mon.events.LINE)

seen = {}

def enter(frame, event, arg):
    path = frame.f_code.co_filename
    if path not in seen:
        seen[path] = ours(path)
    if not seen[path]:
        return None
    found = lines.setdefault(path, set())
    def local(frame, event, arg):
        if event == "line":
            found.add(frame.f_lineno)
        return local
    return local

def finish():
    sys.settrace(None)
    if lines:
        write({"lines": {os.path.realpath(path): sorted(line for line in found if line) for path, found in lines.items()}}, "coverage.jsonl")
`;

/** Rewrites bare asserts of workspace modules as they are imported, in memory, so that the error carries both values. */
export const PYTHON_OPERANDS = String.raw`
import ast, builtins, importlib.machinery
from gc_report import literal, ours, show

OPERATORS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in"}

def fail(operator, left, right, swapped, source, message):
    one, two = show(left), show(right)
    prefix = "" if message is None else "%s: " % (message,)
    error = AssertionError("%s%s is false: left %s, right %s" % (prefix, source, one, two))
    error.groundcrew = {"actual": two if swapped else one, "expected": one if swapped else two, "operator": operator}
    return error

def fail_value(value, source, message):
    prefix = "" if message is None else "%s: " % (message,)
    error = AssertionError("%s%s is %s" % (prefix, source, show(value)))
    error.groundcrew = {"actual": show(value), "expected": "a true value"}
    return error

def written(node):
    return ast.unparse(node) if hasattr(ast, "unparse") else "the condition"

class Rewrite(ast.NodeTransformer):
    def visit_Assert(self, node):
        test = node.test
        source, message = ast.Constant(written(test)), node.msg or ast.Constant(None)
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            swapped = ast.Constant(literal(test.left) and not literal(test.comparators[0]))
            names = [self.name("l"), self.name("r")]
            keep = [ast.Assign([ast.Name(names[0], ast.Store())], test.left), ast.Assign([ast.Name(names[1], ast.Store())], test.comparators[0])]
            check = ast.Compare(ast.Name(names[0], ast.Load()), test.ops, [ast.Name(names[1], ast.Load())])
            operator = ast.Constant(OPERATORS[type(test.ops[0])])
            made = ast.Call(ast.Name("__groundcrew_fail__", ast.Load()), [operator, ast.Name(names[0], ast.Load()), ast.Name(names[1], ast.Load()), swapped, source, message], [])
        else:
            value = self.name("v")
            keep = [ast.Assign([ast.Name(value, ast.Store())], test)]
            check = ast.Name(value, ast.Load())
            made = ast.Call(ast.Name("__groundcrew_fail_value__", ast.Load()), [ast.Name(value, ast.Load()), source, message], [])
        raise_ = ast.If(ast.UnaryOp(ast.Not(), check), [ast.Raise(made, None)], [])
        return [self.at(one, node) for one in keep + [raise_]]

    def visit_Call(self, node):
        self.generic_visit(node)
        attribute = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if attribute not in ("assertTrue", "assertFalse") or len(node.args) != 1 or node.keywords:
            return node
        test = node.args[0]
        if not (isinstance(test, ast.Compare) and len(test.ops) == 1):
            return node
        call = ast.Call(ast.Name("__groundcrew_note__", ast.Load()), [ast.Constant(OPERATORS[type(test.ops[0])]), test.left, test.comparators[0],
            ast.Constant(literal(test.left) and not literal(test.comparators[0])), ast.Constant(written(test)), ast.Constant(attribute == "assertTrue")], [])
        node.args = [call]
        return self.at(node, node)

    def at(self, made, origin):
        ast.copy_location(made, origin)
        for one in ast.walk(made):
            if not hasattr(one, "lineno") and isinstance(one, (ast.expr, ast.stmt)):
                one.lineno, one.col_offset, one.end_lineno, one.end_col_offset = origin.lineno, origin.col_offset, origin.end_lineno, origin.end_col_offset
        return made

    def name(self, kind):
        return "__groundcrew_" + kind + "__"

def note(operator, left, right, swapped, source, wanted):
    import operator as op
    tests = {"==": op.eq, "!=": op.ne, "<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge, "is": op.is_, "is not": op.is_not, "in": lambda a, b: a in b, "not in": lambda a, b: a not in b}
    value = tests[operator](left, right)
    if bool(value) != wanted:
        raise fail(operator, left, right, swapped, source if wanted else "not (%s)" % source, None)
    return value

def rewrite(text, path):
    return ast.fix_missing_locations(Rewrite().visit(ast.parse(text, path)))

def start():
    builtins.__groundcrew_fail__, builtins.__groundcrew_fail_value__, builtins.__groundcrew_note__ = fail, fail_value, note
    plain = importlib.machinery.SourceFileLoader.source_to_code
    def source_to_code(self, data, path, *, _optimize=-1):
        if isinstance(path, str) and ours(path) and isinstance(data, (bytes, str)):
            try:
                return compile(rewrite(data, path), path, "exec", dont_inherit=True, optimize=_optimize)
            except SyntaxError:
                pass
        return plain(self, data, path, _optimize=_optimize)
    importlib.machinery.SourceFileLoader.source_to_code = source_to_code
    # A cached .pyc holds the asserts as they were: while operands are wanted, none is read.
    importlib.machinery.SourceFileLoader.get_code = without_cache

def without_cache(self, fullname):
    path = self.get_filename(fullname)
    return self.source_to_code(self.get_data(path), path)
`;
