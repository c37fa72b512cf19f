/** Decides how one Python process tries many candidates: preloaded once, forked for each, so that every test run starts clean. */

/**
 * Three ways in: pytest imports it as a plugin (`-p gc_warm`) before any conftest, or it is the main program in front of unittest
 * or a script. In each the parent never imports the workspace's code: a child returns from try_all() and runs as if alone.
 * The candidate's text stands on disk while its child lives, so that imports, subprocesses and plain reads all see it.
 */
export const PYTHON_WARM = String.raw`
import json, os, signal, sys, threading, time

KIT = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.realpath(os.getcwd())
PER_CANDIDATE = float(os.environ.get("GROUNDCREW_WARM_MS", "3000")) / 1000
# A candidate that takes so many times what the base took is as good as hanging; the floor is for a loaded machine.
FACTOR, FLOOR = 4, 0.4
UNSOUND, THREADS = 86, 87
MODULES_MAX = 3000

def say(**fields):
    os.write(1, (json.dumps(dict(groundcrew="warm", **fields)) + "\n").encode())

def units(text):
    return text.encode("utf-16-le", "surrogatepass")

class Batch:
    def __init__(self):
        with open(os.path.join(KIT, "gc_candidates.json"), encoding="utf-8") as file:
            data = json.load(file)
        self.folder = os.path.realpath(os.path.join(ROOT, data["up"]))
        self.files = {path: dict(text=text, raw=self.read(path)) for path, text in data["reference"].items()}
        self.candidates = data["candidates"]

    def real(self, path):
        return os.path.join(self.folder, path)

    def read(self, path):
        with open(self.real(path), "rb") as file:
            return file.read()

    def write(self, candidate):
        file = self.files[candidate["path"]]
        # Spans count UTF-16 units, as the host does.
        text = units(file["text"])
        new = (text[: 2 * candidate["start"]] + units(candidate["text"]) + text[len(text) - 2 * candidate["rest"] :]).decode("utf-16-le", "surrogatepass")
        bom = b"\xef\xbb\xbf" if file["raw"].startswith(b"\xef\xbb\xbf") else b""
        try:
            file["raw"].decode("utf-8")
            body = new.encode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            body = new.encode("latin-1", "replace")
        self.put(candidate["path"], bom + body)

    def restore(self, candidate):
        self.put(candidate["path"], self.files[candidate["path"]]["raw"])

    def put(self, path, data):
        with open(self.real(path), "wb") as out:
            out.write(data)

def wait(pid, limit):
    """Exit code, or None when it had to be killed. The whole group goes, daemons that stayed in it too."""
    end, pause = time.monotonic() + limit, 0.001
    status = None
    while True:
        done, raw = os.waitpid(pid, os.WNOHANG)
        if done:
            status = os.WEXITSTATUS(raw) if os.WIFEXITED(raw) else 128
            break
        if time.monotonic() > end:
            break
        time.sleep(pause)
        pause = min(pause * 1.5, 0.01)
    try:
        os.killpg(pid, signal.SIGKILL)
    except OSError:
        pass
    if status is None:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
        os.waitpid(pid, 0)
    return status

def spawn():
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        try:
            os.setpgid(pid, pid)
        except OSError:
            pass
        return pid
    try:
        os.setpgid(0, 0)
    except OSError:
        pass
    null = os.open(os.devnull, os.O_RDWR)
    for target in (0, 1, 2):
        os.dup2(null, target)
    return 0

def attempt(limit):
    """None in the child; (verdict, ms) in the parent."""
    began = time.monotonic()
    pid = spawn()
    if pid == 0:
        return None
    code = wait(pid, limit)
    ms = (time.monotonic() - began) * 1000
    verdict = "timeout" if code is None else "passed" if code == 0 else "failed" if code == 1 else "error"
    return verdict, ms, code

def outside(name):
    module = sys.modules.get(name)
    path = getattr(module, "__file__", None)
    if path is None:
        return module is not None and getattr(module, "__path__", None) is None
    real = os.path.realpath(path)
    own = real.startswith((ROOT + os.sep, KIT + os.sep)) and "site-packages" not in real
    return not own

def learn(writer):
    """In the first child: at its end, tells which modules of others it loaded."""
    import atexit
    def tell():
        names = [name for name in list(sys.modules) if outside(name)]
        with os.fdopen(writer, "w") as out:
            out.write("\n".join(names[:MODULES_MAX]))
    atexit.register(tell)

def preload(names):
    import importlib
    for name in names:
        skip = name.startswith(("__", "gc_", "conftest", "_distutils_hack")) or ("pytest" in name and not name.startswith(("_pytest", "pytest")))
        if skip or name in sys.modules:
            continue
        try:
            importlib.import_module(name)
        except BaseException:
            pass

def control(reader_writer=None):
    """The unchanged code must not pass here, or what passes here says nothing."""
    began = time.monotonic()
    pid = spawn()
    if pid == 0:
        if reader_writer is not None:
            os.close(reader_writer[0])
            learn(reader_writer[1])
        return None
    names = []
    if reader_writer is not None:
        os.close(reader_writer[1])
        code = wait(pid, PER_CANDIDATE)
        with os.fdopen(reader_writer[0]) as read:
            names = read.read().split("\n")
    else:
        code = wait(pid, PER_CANDIDATE)
    return code, time.monotonic() - began, names

def try_all(usage_codes=()):
    """Returns only in a child, which then runs the check. The parent answers every candidate and exits."""
    if not hasattr(os, "fork"):
        os._exit(UNSOUND)
    batch = Batch()
    first = control(os.pipe())
    if first is None:
        return
    code, took, names = first
    if code == 0 or code in usage_codes:
        os._exit(UNSOUND)
    # Preloading happens in a process of its own: where a library starts threads, a fork would copy their locks, and we go on without.
    preloaded = os.fork()
    if preloaded:
        _, status = os.waitpid(preloaded, 0)
        if not (os.WIFEXITED(status) and os.WEXITSTATUS(status) == THREADS):
            os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else UNSOUND)
    else:
        preload([name for name in names if name])
        if threading.active_count() > 1:
            os._exit(THREADS)
    again = control()
    if again is None:
        return
    code, second, _ = again
    if code == 0:
        os._exit(UNSOUND)
    limit = PER_CANDIDATE if code is None else min(PER_CANDIDATE, max(FLOOR, FACTOR * max(second, min(took, 2 * second))))
    for candidate in batch.candidates:
        batch.write(candidate)
        answer = attempt(limit)
        if answer is None:
            return
        batch.restore(candidate)
        say(id=candidate["id"], verdict=answer[0], ms=round(answer[1], 1))
    os._exit(0)

def main():
    import runpy
    mode, rest = sys.argv[1], sys.argv[2:]
    sys.path[:] = [path for path in sys.path if os.path.realpath(path or ".") != KIT]
    if mode == "unittest":
        import unittest, unittest.main, unittest.loader, unittest.runner
        try_all(usage_codes=(2, 5))
        sys.path.insert(0, "")
        sys.argv = ["python -m unittest"] + rest
        unittest.main(module=None)
    else:
        try_all()
        sys.path.insert(0, os.path.dirname(os.path.abspath(rest[0])))
        sys.argv = rest
        runpy.run_path(rest[0], run_name="__main__")

if __name__ == "__main__":
    main()
else:
    # 2: also a module that does not import, which may be the bug; 3 internal, 4 usage, 5 no test found.
    try_all(usage_codes=(3, 4, 5))
`;
