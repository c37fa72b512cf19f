"""Loads and saves contacts."""

import csv

from contacts.book import Book, Contact

COLUMNS = ("name", "mail", "phone")


class BadFile(ValueError):
    """A file that holds no contacts."""


def load(path):
    """The contacts in a CSV file with a heading.

    Columns may be in any order, and other columns are ignored; only "name" is
    needed. Rows without a name are left out.
    """
    book = Book()
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter=_delimiter(file))
        columns = {_plain(column): column for column in reader.fieldnames or ()}
        if "name" not in columns:
            raise BadFile(f"{path} has no column \"name\"")
        for row in reader:
            values = {name: (row[columns[name]] or "").strip() for name in COLUMNS if name in columns}
            if values["name"]:
                book.add(Contact(**values))
    return book


def save(book, path):
    """Write all contacts; `load` reads them again."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for contact in book:
            writer.writerow([contact.name, contact.mail, contact.phone])


def _delimiter(file):
    """What separates the columns of the heading; the file is at its beginning afterwards."""
    heading = file.readline()
    file.seek(0)
    return max(",;\t", key=heading.count)


def _plain(column):
    """A heading without capitals and spaces around it."""
    return column.strip().lower()
