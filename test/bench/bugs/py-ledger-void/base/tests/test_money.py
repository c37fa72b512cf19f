import unittest

from ledger.money import cents, show


class MoneyTest(unittest.TestCase):
    def test_reads_amounts(self):
        self.assertEqual(cents("12.34"), 1234)
        self.assertEqual(cents(" -5 "), -500)

    def test_refuses_fractions_of_a_cent(self):
        with self.assertRaises(ValueError):
            cents("1.005")

    def test_shows_amounts(self):
        self.assertEqual(show(123450), "1,234.50")
        self.assertEqual(show(-5), "-0.05")
