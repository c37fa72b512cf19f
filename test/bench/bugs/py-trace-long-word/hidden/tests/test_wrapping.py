import unittest

from receipts.layout import wrap
from receipts.till import Till


class WrappingTest(unittest.TestCase):
    def check(self, text, width, *lines):
        self.assertEqual(wrap(text, width), list(lines))

    def test_long_word_alone(self):
        self.check("abcdefghij", 4, "abcd", "efgh", "ij")
        self.check("abcdefgh", 4, "abcd", "efgh")
        self.check("abcde", 4, "abcd", "e")
        self.check("abc", 1, "a", "b", "c")

    def test_word_as_long_as_a_line(self):
        self.check("abcd", 4, "abcd")
        self.check("abcd efgh", 4, "abcd", "efgh")
        self.check("a bcde f", 4, "a", "bcde", "f")

    def test_what_is_left_shares_its_line_with_the_next_word(self):
        self.check("abcdefghij k", 4, "abcd", "efgh", "ij k")
        self.check("abcdefghij kl m", 4, "abcd", "efgh", "ij", "kl m")

    def test_long_word_begins_a_line(self):
        self.check("to abcdefg", 5, "to", "abcde", "fg")
        self.check("to abcdefg abcdefg", 5, "to", "abcde", "fg", "abcde", "fg")

    def test_nothing_is_lost(self):
        text = "Kontaktlinsenreinigungsfluessigkeit 500 ml, Vorratspackung"
        for width in range(1, 70):
            lines = wrap(text, width)
            self.assertEqual("".join(lines).replace(" ", ""), text.replace(" ", ""))
            self.assertTrue(all(0 < len(line) <= width for line in lines))

    def test_ordinary_text_as_before(self):
        self.check("the quick brown fox", 9, "the quick", "brown fox")
        self.check("", 4)

    def test_receipt(self):
        lines = Till("Shop", {"1": ("Rhabarbermarmelade", 250)}, width=12).sell(["1"])
        self.assertEqual(lines[2:5], ["Rhabarbermar", "melade", "  1 x 2 2.50"])
