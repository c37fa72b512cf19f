import tempfile
import unittest
from pathlib import Path

from logs.rotation import Rotation
from logs.writer import Writer


class RotationTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "app.log"

    def test_moves_the_file_aside(self):
        self.path.write_text("first")
        Rotation(self.path).rotate()
        self.assertFalse(self.path.exists())
        self.assertEqual(self.path.with_name("app.log.1").read_text(), "first")

    def test_keeps_the_files_before(self):
        rotation = Rotation(self.path, keep=3)
        for text in ("first", "second", "third"):
            self.path.write_text(text)
            rotation.rotate()
        self.assertEqual([file.read_text() for file in rotation.old()], ["third", "second", "first"])

    def test_nothing_to_move(self):
        Rotation(self.path).rotate()
        self.assertEqual(Rotation(self.path).old(), [])

    def test_keeps_none(self):
        self.path.write_text("first")
        Rotation(self.path, keep=0).rotate()
        self.assertEqual(list(self.path.parent.iterdir()), [])


class WriterTest(unittest.TestCase):
    def test_starts_a_new_file_when_full(self):
        with tempfile.TemporaryDirectory() as folder:
            writer = Writer(Path(folder) / "app.log", max_bytes=10, keep=1)
            for line in ("aaaa", "bbbb", "cccc"):
                writer.write(line)
            self.assertEqual(writer.lines(), ["aaaa", "bbbb", "cccc"])


if __name__ == "__main__":
    unittest.main()
