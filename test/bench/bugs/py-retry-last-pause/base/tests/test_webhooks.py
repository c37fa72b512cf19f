import unittest

from helpdesk.net.retry import Policy, Retry
from helpdesk.net.webhooks import Webhooks


class WebhooksTest(unittest.TestCase):
    def publish(self, answers, attempts=3):
        """Publish one event to an address that answers so; what is left, and the pauses."""
        pauses = []
        hooks = Webhooks(lambda url, body: answers.pop(0), Retry(Policy(attempts, first_pause=1), sleep=pauses.append))
        hooks.subscribe("http://crm", ["closed"])
        sent = hooks.publish("closed", {"ticket": 7})
        return sent, hooks.failed, pauses

    def test_sends_at_once(self):
        self.assertEqual(self.publish([(200, None)]), (1, [], []))

    def test_tries_again(self):
        self.assertEqual(self.publish([(500, None), (200, None)]), (1, [], [1]))

    def test_waits_as_asked(self):
        self.assertEqual(self.publish([(429, 9), (200, None)]), (1, [], [9]))

    def test_gives_up_without_waiting_once_more(self):
        sent, failed, pauses = self.publish([(500, None)] * 3)
        self.assertEqual((sent, len(failed)), (0, 1))
        self.assertEqual(pauses, [1, 2])

    def test_other_events_are_not_sent(self):
        hooks = Webhooks(lambda url, body: self.fail("not wanted"))
        hooks.subscribe("http://crm", ["opened"])
        self.assertEqual(hooks.publish("closed", {}), 0)


if __name__ == "__main__":
    unittest.main()
