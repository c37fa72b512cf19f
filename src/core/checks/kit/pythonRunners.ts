/** Decides how pytest, unittest and plain scripts are run so that they report one JSON line a test. */

/** pytest plugin, loaded by -p: works with any pytest from 6 on and asks for no other plugin. */
export const PYTEST_PLUGIN = String.raw`
import os, sys
import gc_report as report
import pytest

MODES = os.environ.get("GROUNDCREW_MODES", "").split(",")
if "coverage" in MODES:
    import gc_coverage
    gc_coverage.start()
if "operands" in MODES:
    import gc_operands
    gc_operands.start()

compared = {}

@pytest.hookimpl(tryfirst=True)
def pytest_assertrepr_compare(config, op, left, right):
    compared["last"] = (op, report.show(left), report.show(right))
    return None

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    compared.clear()

def where(item):
    path, line, _ = item.location
    return {"path": os.path.realpath(str(getattr(item, "path", None) or item.fspath)), "line": (line or 0) + 1}

def named(nodeid):
    path, _, rest = nodeid.partition("::")
    return " > ".join([path] + rest.split("::")) if rest else path

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    found = outcome.get_result()
    if found.when != "call" and not found.failed and not found.skipped:
        return
    record = {"name": named(item.nodeid), "state": "failed" if found.failed else "skipped" if found.skipped else "passed", "ms": found.duration * 1000}
    record.update(where(item))
    if found.when != "call" and found.failed:
        record["name"] += " (%s)" % found.when
    if found.failed and call.excinfo is not None:
        record["error"] = error_of(call.excinfo)
    elif found.failed:
        record["error"] = {"name": "Failed", "message": str(found.longrepr)[:2000], "frames": []}
    report.write(record)

def error_of(excinfo):
    shaped = report.shape(excinfo.type, excinfo.value, excinfo.tb)
    if excinfo.errisinstance(AssertionError) if hasattr(excinfo, "errisinstance") else isinstance(excinfo.value, AssertionError):
        last = compared.get("last")
        if last and "actual" not in shaped:
            op, left, right = last
            swapped = shaped["frames"] and literal_left(shaped["frames"][0]["text"])
            shaped["actual"], shaped["expected"], shaped["operator"] = (right, left, op) if swapped else (left, right, op)
    return shaped

def literal_left(text):
    import ast
    try:
        test = ast.parse(text.strip()).body[0].test
        return report.literal(test.left) and not report.literal(test.comparators[0])
    except Exception:
        return False

def pytest_collectreport(report):
    if not report.failed:
        return
    import gc_report
    text = str(report.longrepr)
    gc_report.write({"name": named(report.nodeid) + " (import)", "state": "failed", "error": {"name": "CollectError", "message": text[-2500:], "frames": frames_of(text)}})

def frames_of(text):
    import re, linecache
    found = []
    for path, line in re.findall(r"^(?:E\s+File \")?([^\s:\"]+\.py)(?:\", line |:)(\d+)", text, re.M):
        real = os.path.realpath(path)
        if report.ours(real):
            found.append({"path": real, "line": int(line), "symbol": "", "text": linecache.getline(real, int(line)).strip()})
    found.reverse()
    return found
`;

/** Stands in for "python -m unittest": the same arguments, the same search, another result class. */
export const UNITTEST_MAIN = String.raw`
import os, sys
KIT = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [os.getcwd()] + [one for one in sys.path if os.path.abspath(one) != KIT] + [KIT]
import gc_report as report
MODES = os.environ.get("GROUNDCREW_MODES", "").split(",")
if "coverage" in MODES:
    import gc_coverage
    gc_coverage.start()
if "operands" in MODES:
    import gc_operands
    gc_operands.start()
import inspect, time, unittest

class Result(unittest.TextTestResult):
    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()

    def record(self, test, state, err=None, suffix=""):
        record = {"name": test.id().replace("__main__.", "") + suffix, "state": state, "ms": (time.monotonic() - getattr(self, "began", time.monotonic())) * 1000}
        method = getattr(type(test), getattr(test, "_testMethodName", ""), None)
        try:
            record["path"] = os.path.realpath(inspect.getsourcefile(method))
            record["line"] = inspect.getsourcelines(method)[1]
        except Exception:
            pass
        if err is not None:
            record["error"] = report.shape(*err)
            wrapped = getattr(test, "_exception", None)
            if wrapped is not None:
                record["error"]["message"] = str(wrapped)[-2500:]
        report.write(record)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.record(test, "passed")

    def addFailure(self, test, err):
        self.record(test, "failed", err)  # before unittest cuts its own frames, and the values in them, off the traceback
        super().addFailure(test, err)

    def addError(self, test, err):
        self.record(test, "failed", err)  # before unittest cuts its own frames, and the values in them, off the traceback
        super().addError(test, err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.record(test, "skipped")

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.record(test, "passed")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.record(test, "failed", (AssertionError, AssertionError("passed although it is marked as an expected failure"), None))

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.record(test, "failed", err, " " + subtest._subDescription())
        super().addSubTest(test, subtest, err)

class Runner(unittest.TextTestRunner):
    resultclass = Result

unittest.main(module=None, argv=["python -m unittest"] + sys.argv[1:], testRunner=Runner)
`;

/** Stands in for "python script.py" where lines or operands are wanted. */
export const SCRIPT_MAIN = String.raw`
import os, sys
KIT = os.path.dirname(os.path.abspath(__file__))
MODES = os.environ.get("GROUNDCREW_MODES", "").split(",")
script = sys.argv[1]
sys.argv[:] = sys.argv[1:]
sys.path[:] = [os.path.dirname(os.path.abspath(script))] + [one for one in sys.path if os.path.abspath(one) != KIT] + [KIT]
import gc_report as report
import traceback, types
module = types.ModuleType("__main__")
module.__file__ = script
module.__builtins__ = __builtins__
with open(script, "rb") as file:
    text = file.read()
if "operands" in MODES:
    import gc_operands
    gc_operands.start()
    code = compile(gc_operands.rewrite(text, os.path.abspath(script)), os.path.abspath(script), "exec")
else:
    code = compile(text, os.path.abspath(script), "exec")
if "coverage" in MODES:
    import gc_coverage
    gc_coverage.start()
sys.modules["__main__"] = module
try:
    exec(code, module.__dict__)
except SystemExit:
    raise
except BaseException:
    kind, error, tb = sys.exc_info()
    report.write({"name": script, "state": "failed", "error": report.shape(kind, error, tb)})
    traceback.print_exception(kind, error, tb.tb_next)
    sys.exit(1)
`;
