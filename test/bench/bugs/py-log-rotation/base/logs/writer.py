"""A log file that rotates by size."""

from logs.rotation import Rotation


class Writer:
    """Appends lines; starts a new file before one would grow beyond `max_bytes`."""

    def __init__(self, path, max_bytes, keep=3, encoding="utf-8"):
        self.rotation = Rotation(path, keep)
        self._max_bytes = max_bytes
        self._encoding = encoding

    def write(self, line):
        data = (line.rstrip("\n") + "\n").encode(self._encoding)
        path = self.rotation.path
        size = path.stat().st_size if path.exists() else 0
        if size > 0 and size + len(data) > self._max_bytes:
            self.rotation.rotate()
        with path.open("ab") as file:
            file.write(data)

    def lines(self):
        """All lines that are still there, the oldest first."""
        files = [*reversed(self.rotation.old()), self.rotation.path]
        return [
            line
            for file in files
            if file.exists()
            for line in file.read_text(self._encoding).splitlines()
        ]
