import unittest
from datetime import date

from ledger.journal import Journal
from ledger.reports import statement, trial_balance


def club():
    journal = Journal(["bank", "cash", "fees", "hall"])
    journal.post(date(2024, 1, 10), "Fees January", {"bank": 30000, "fees": -30000})
    journal.post(date(2024, 2, 3), "Hall rent", {"bank": -12000, "hall": 12000})
    journal.post(date(2024, 2, 20), "Withdrawal", {"bank": -5000, "cash": 5000})
    return journal


class StatementTest(unittest.TestCase):
    def test_lists_movements_between_two_balances(self):
        result = statement(club(), "bank", date(2024, 2, 1), date(2024, 2, 29))
        self.assertEqual(result.opening, 30000)
        self.assertEqual(result.movements, [("Hall rent", -12000), ("Withdrawal", -5000)])
        self.assertEqual(result.closing, 13000)

    def test_voided_entry_does_not_count(self):
        journal = club()
        journal.void(2, "paid twice")
        result = statement(journal, "bank", date(2024, 2, 1), date(2024, 2, 29))
        self.assertEqual(result.movements, [("Withdrawal", -5000)])
        self.assertEqual(result.closing, 25000)

    def test_prints_amounts_for_people(self):
        text = statement(club(), "hall", date(2024, 2, 1), date(2024, 2, 29)).as_text()
        self.assertEqual(text, "hall\n  opening 0.00\n  Hall rent 120.00\n  closing 120.00")


class TrialBalanceTest(unittest.TestCase):
    def test_adds_up_to_zero(self):
        rows = trial_balance(club())
        self.assertEqual(rows, [("bank", 13000), ("cash", 5000), ("fees", -30000), ("hall", 12000)])
        self.assertEqual(sum(amount for _, amount in rows), 0)


if __name__ == "__main__":
    unittest.main()
