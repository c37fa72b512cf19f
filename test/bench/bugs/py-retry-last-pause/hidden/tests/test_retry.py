import unittest

from helpdesk.net.retry import GaveUp, Policy, Retry, TryLater


class RetryTest(unittest.TestCase):
    def run_with(self, outcomes, policy):
        """What a call comes to; how often it was tried; the pauses."""
        outcomes, pauses, tried = list(outcomes), [], []

        def operation():
            tried.append(1)
            outcome = outcomes.pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        try:
            result = Retry(policy, sleep=pauses.append).call(operation)
        except Exception as error:
            result = error
        return result, len(tried), pauses

    def test_tries_as_often_as_it_says(self):
        for attempts in range(1, 7):
            errors = [OSError(str(number)) for number in range(attempts)]
            result, tried, pauses = self.run_with(errors, Policy(attempts, 1, 8))
            self.assertIsInstance(result, GaveUp)
            self.assertIs(result.error, errors[-1])
            self.assertIs(result.__cause__, errors[-1])
            self.assertEqual((result.attempts, tried), (attempts, attempts))
            self.assertEqual(pauses, [1, 2, 4, 8, 8][:attempts - 1])

    def test_success_on_the_last_attempt(self):
        self.assertEqual(self.run_with([OSError(), OSError(), "ok"], Policy(3, 1)), ("ok", 3, [1, 2]))

    def test_longer_pause_wins(self):
        self.assertEqual(self.run_with([TryLater(5), TryLater(0), 0], Policy(3, 1)), (0, 3, [5, 2]))

    def test_asked_to_wait_after_the_last_attempt(self):
        result, tried, pauses = self.run_with([TryLater(5), TryLater(60)], Policy(2, 1))
        self.assertIsInstance(result, GaveUp)
        self.assertEqual((tried, pauses), (2, [5]))

    def test_a_result_of_none_is_a_result(self):
        self.assertEqual(self.run_with([None], Policy(3)), (None, 1, []))

    def test_other_errors_go_through(self):
        result, tried, pauses = self.run_with([KeyError("x")], Policy(3))
        self.assertIsInstance(result, KeyError)
        self.assertEqual((tried, pauses), (1, []))
