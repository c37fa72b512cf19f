import unittest

from helpdesk.common.errors import Duplicate, NotThere
from helpdesk.queues.listing import HEADING, listing
from helpdesk.queues.model import Queue
from helpdesk.queues.rules import is_full
from helpdesk.queues.store import QueueStore


class QueueTest(unittest.TestCase):
    def setUp(self):
        self.store = QueueStore([Queue("x1", "x1"), Queue("y2", "y2")])

    def test_keys_are_used_once(self):
        with self.assertRaises(Duplicate):
            self.store.add(Queue("x1", "x1"))
        with self.assertRaises(NotThere):
            self.store.get("nobody")

    def test_listing_has_a_line_for_each(self):
        self.assertEqual(len(listing(self.store).splitlines()), 4)
        self.assertTrue(listing(self.store).startswith(HEADING[0]))

    def test_rule_holds_for_a_new_one(self):
        self.assertEqual(is_full(self.store.get("x1")), False)
