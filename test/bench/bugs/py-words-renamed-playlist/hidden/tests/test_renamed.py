import unittest

from music.library import Library, NoSuchPlaylist


class RenamedTest(unittest.TestCase):
    def setUp(self):
        self.library = Library()
        self.first = self.library.create("Rainy Days", "ada").id
        self.second = self.library.create("Rainy Nights", "bo").id

    def found(self, text):
        return [playlist.id for playlist in self.library.search(text)]

    def test_new_title_is_found_and_the_old_one_not(self):
        self.assertEqual(self.found("rainy"), [1, 2])
        self.library.rename(self.first, " Sunny Days ")
        self.assertEqual(self.found("sunny"), [1])
        self.assertEqual(self.found("rainy"), [2])
        self.assertEqual(self.found("days"), [1])
        self.assertEqual(self.library.get(1).title, "Sunny Days")

    def test_again_and_back(self):
        for title, other in (("Storm", "rainy"), ("Rainy Days", "storm"), ("Storm", "rainy")):
            self.library.rename(self.first, title)
            self.assertEqual(self.found(title), [1])
            self.assertEqual(self.found(f"{other} d"), [])

    def test_shared_words_stay_with_the_other(self):
        self.found("rainy")
        self.library.rename(self.second, "Rainy Days")
        self.assertEqual(self.found("rainy days"), [1, 2])
        self.library.rename(self.second, "Quiet")
        self.assertEqual(self.found("rainy days"), [1])

    def test_refused_names_change_nothing(self):
        self.assertEqual(self.found("days"), [1])
        with self.assertRaises(ValueError):
            self.library.rename(self.first, "  ")
        with self.assertRaises(NoSuchPlaylist):
            self.library.rename(99, "Sunny")
        self.assertEqual(self.found("days"), [1])
        self.assertEqual(self.found("sunny"), [])

    def test_deleted_and_created_after_a_rename(self):
        self.found("rainy")
        self.library.rename(self.first, "Sunny")
        self.found("sunny")
        self.library.delete(self.first)
        self.assertEqual(self.found("sunny"), [])
        self.assertEqual(self.found("rainy"), [2])
        self.assertEqual(self.found(""), [2])
