import tempfile
import unittest
from pathlib import Path

from logs.rotation import Rotation
from logs.writer import Writer


class HistoryTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "app.log"

    def files(self):
        return {file.name: file.read_text() for file in self.path.parent.iterdir()}

    def test_every_number_that_is_kept(self):
        for keep in range(1, 6):
            for rounds in range(1, 9):
                for file in self.path.parent.iterdir():
                    file.unlink()
                rotation = Rotation(self.path, keep)
                for number in range(rounds):
                    self.path.write_text(f"round {number}")
                    rotation.rotate()
                expected = {f"app.log.{back + 1}": f"round {rounds - 1 - back}" for back in range(min(keep, rounds))}
                self.assertEqual(self.files(), expected, (keep, rounds))

    def test_gaps_and_strangers(self):
        for name, text in {"app.log": "new", "app.log.2": "two", "app.log.txt": "mine", "other.log.1": "theirs"}.items():
            self.path.with_name(name).write_text(text)
        Rotation(self.path, 3).rotate()
        self.assertEqual(self.files(), {"app.log.1": "new", "app.log.3": "two", "app.log.txt": "mine", "other.log.1": "theirs"})

    def test_keeping_fewer_than_before(self):
        for number in range(1, 6):
            self.path.with_name(f"app.log.{number}").write_text(str(number))
        self.path.write_text("0")
        Rotation(self.path, 2).rotate()
        self.assertEqual(self.files(), {"app.log.1": "0", "app.log.2": "1"})

    def test_more_than_ten(self):
        rotation = Rotation(self.path, 12)
        for number in range(14):
            self.path.write_text(str(number))
            rotation.rotate()
        self.assertEqual([file.read_text() for file in rotation.old()], [str(number) for number in range(13, 1, -1)])

    def test_writer_keeps_the_last_lines(self):
        writer = Writer(self.path, max_bytes=9, keep=3)
        for number in range(9):
            writer.write(f"line{number}")
        self.assertEqual(writer.lines(), ["line5", "line6", "line7", "line8"])
