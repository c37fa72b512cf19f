"""Moves a full log file aside: app.log becomes app.log.1, that becomes app.log.2, and so on."""

import re
from pathlib import Path

NUMBERED = re.compile(r"\.(\d+)$")


class Rotation:
    """Keeps `keep` old files of one log; with 0 a full log is thrown away."""

    def __init__(self, path, keep=3):
        if keep < 0:
            raise ValueError("keep must not be negative")
        self.path = Path(path)
        self.keep = keep

    def numbered(self, number):
        return self.path.with_name(f"{self.path.name}.{number}")

    def old(self):
        """Old files that exist, the newest first."""
        found = []
        for file in self.path.parent.glob(f"{self.path.name}.*"):
            match = NUMBERED.search(file.name)
            if match and file == self.numbered(int(match.group(1))):
                found.append((int(match.group(1)), file))
        return [file for _, file in sorted(found)]

    def rotate(self):
        """Make room for a new file. Does nothing when there is no file to move."""
        if not self.path.exists():
            return
        if self.keep == 0:
            self.path.unlink()
            return
        for number in range(self.keep - 1, 0, -1):
            file = self.numbered(number)
            if file.exists():
                file.replace(self.numbered(number + 1))
        self.path.replace(self.numbered(1))
        self._drop_surplus()

    def _drop_surplus(self):
        """Remove files with higher numbers, from when more were kept."""
        for file in self.old():
            if int(NUMBERED.search(file.name).group(1)) > self.keep:
                file.unlink()
