import unittest

from receipts.layout import centred, columns, wrap
from receipts.till import Till


class LayoutTest(unittest.TestCase):
    def test_wraps_between_words(self):
        self.assertEqual(wrap("brown bread with  seeds", 11), ["brown bread", "with seeds"])

    def test_no_text(self):
        self.assertEqual(wrap("  ", 10), [])

    def test_columns(self):
        self.assertEqual(columns("Total", "9.50", 12), "Total   9.50")

    def test_centred(self):
        self.assertEqual(centred("Shop", 10), "   Shop")


class TillTest(unittest.TestCase):
    def test_receipt(self):
        till = Till("Shop", {"1": ("Bread", 250), "2": ("Apple juice", 120)}, width=12)
        self.assertEqual(
            till.sell(["1", "2", "1"]),
            [
                "    Shop", "------------", "Bread", "  2 x 2 5.00", "Apple juice", "  1 x 1 1.20",
                "============", "Total   6.20",
            ],
        )


if __name__ == "__main__":
    unittest.main()
