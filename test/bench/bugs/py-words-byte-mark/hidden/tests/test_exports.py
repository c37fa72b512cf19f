import tempfile
import unittest
from pathlib import Path

from contacts.book import Contact
from contacts.files import BadFile, load, save

MARK = b"\xef\xbb\xbf"


class ExportsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "contacts.csv"

    def check(self, text, *expected):
        """The same contacts with and without the mark."""
        for mark in (b"", MARK):
            self.path.write_bytes(mark + text.encode("utf-8"))
            self.assertEqual(list(load(self.path)), list(expected), mark)

    def test_name_first(self):
        self.check("name,mail\nAda,a@x\nZoë,z@x\n", Contact("Ada", "a@x"), Contact("Zoë", "z@x"))

    def test_quoted_heading(self):
        self.check('"name";"phone"\r\n"Ada; Dr.";"1"\r\n', Contact("Ada; Dr.", "", "1"))

    def test_another_column_first(self):
        self.check("mail\tname\na@x\tAda\n", Contact("Ada", "a@x"))
        self.check("Phone , NAME\n1,Ada\n", Contact("Ada", "", "1"))

    def test_only_a_name(self):
        self.check("name\nAda\n", Contact("Ada"))

    def test_short_rows(self):
        self.check("name,mail,phone\nAda\n", Contact("Ada"))

    def test_still_no_name(self):
        for text in ("", "mail\na@x\n", "surname\nAda\n"):
            for mark in (b"", MARK):
                self.path.write_bytes(mark + text.encode())
                with self.assertRaises(BadFile):
                    load(self.path)

    def test_saved_again(self):
        self.path.write_bytes(MARK + b"name,mail\nAda,a@x\n")
        save(load(self.path), self.path)
        self.assertEqual(list(load(self.path)), [Contact("Ada", "a@x")])
