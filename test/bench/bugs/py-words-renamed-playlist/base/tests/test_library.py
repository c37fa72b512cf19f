import unittest

from music.library import Library, NoSuchPlaylist


class LibraryTest(unittest.TestCase):
    def setUp(self):
        self.library = Library()
        self.library.create("Songs of the Sea", "ada", ["a", "b", "a"])
        self.library.create("Café Songs", "bo")

    def titles(self, text):
        return [playlist.title for playlist in self.library.search(text)]

    def test_finds_words_by_their_beginning(self):
        self.assertEqual(self.titles("so"), ["Songs of the Sea", "Café Songs"])
        self.assertEqual(self.titles("CAFE son"), ["Café Songs"])
        self.assertEqual(self.titles("ongs"), [])

    def test_most_played_first(self):
        self.library.play(2)
        self.assertEqual(self.titles("songs"), ["Café Songs", "Songs of the Sea"])

    def test_deleted_ones_are_gone(self):
        self.titles("songs")
        self.library.delete(1)
        self.assertEqual(self.titles("songs"), ["Café Songs"])
        with self.assertRaises(NoSuchPlaylist):
            self.library.get(1)

    def test_tracks_once(self):
        self.assertEqual(self.library.play(1), ["a", "b"])


if __name__ == "__main__":
    unittest.main()
