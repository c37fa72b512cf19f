import tempfile
import unittest
from pathlib import Path

from contacts.book import Book, Contact
from contacts.files import BadFile, load, save


class FilesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "contacts.csv"

    def load(self, text):
        self.path.write_text(text, encoding="utf-8")
        return list(load(self.path))

    def test_any_order_and_other_columns(self):
        found = self.load("Mail; Name ;Age\nada@x.org;Ada;36\n;;1\n")
        self.assertEqual(found, [Contact("Ada", "ada@x.org")])

    def test_no_name(self):
        with self.assertRaises(BadFile):
            self.load("mail,phone\na,b\n")

    def test_saved_and_loaded(self):
        book = Book()
        book.add(Contact("Zoë, Dr.", "z@x.org", "+49 1"))
        save(book, self.path)
        self.assertEqual(list(load(self.path)), list(book))

    def test_find(self):
        book = Book()
        book.add(Contact("Ada", "ada@x.org"))
        self.assertEqual(len(book.find("ADA@")), 1)


if __name__ == "__main__":
    unittest.main()
