import unittest
from datetime import date

from ledger.journal import Journal, JournalError
from ledger.reports import statement, trial_balance


class VoidedTest(unittest.TestCase):
    def setUp(self):
        self.journal = Journal(["bank", "fees", "hall"])
        self.journal.post(date(2023, 12, 30), "Old fee", {"bank": 700, "fees": -700})
        self.journal.post(date(2024, 1, 5), "Fee", {"bank": 900, "fees": -900})
        self.journal.post(date(2024, 1, 6), "Rent", {"bank": -400, "hall": 400})

    def test_opening_balance_leaves_it_out(self):
        self.journal.void(1, "wrong year")
        result = statement(self.journal, "bank", date(2024, 1, 1), date(2024, 1, 31))
        self.assertEqual((result.opening, result.closing), (0, 500))
        self.assertEqual([text for text, _ in result.movements], ["Fee", "Rent"])

    def test_all_time_balance_and_trial_balance_leave_it_out(self):
        self.journal.void(3, "cancelled")
        self.assertEqual(self.journal.balance("bank"), 1600)
        self.assertEqual(self.journal.balance("hall"), 0)
        self.assertEqual(trial_balance(self.journal), [("bank", 1600), ("fees", -1600)])
        self.assertEqual(self.journal.balance("bank", until=date(2023, 12, 31)), 700)

    def test_an_empty_reason_voids_too(self):
        self.journal.void(2, "")
        self.assertEqual(self.journal.balance("bank"), 300)

    def test_stays_in_the_journal(self):
        self.journal.void(2, "typo")
        self.assertEqual(self.journal.entry(2).voided, "typo")
        self.assertEqual(self.journal.entry(2).lines, {"bank": 900, "fees": -900})
        self.assertEqual(len(self.journal.entries), 3)
        with self.assertRaises(JournalError):
            self.journal.void(2, "again")
        self.assertEqual(self.journal.post(date(2024, 2, 1), "Next", {"bank": 1, "fees": -1}).id, 4)

    def test_the_last_day_counts(self):
        self.assertEqual(self.journal.balance("bank", until=date(2024, 1, 6)), 1200)
        self.assertEqual(self.journal.balance("bank", until=date(2024, 1, 5)), 1600)
