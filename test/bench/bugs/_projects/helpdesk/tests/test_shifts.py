import unittest

from helpdesk.common.errors import Duplicate, NotThere
from helpdesk.shifts.listing import HEADING, listing
from helpdesk.shifts.model import Shift
from helpdesk.shifts.rules import hours
from helpdesk.shifts.store import ShiftStore


class ShiftTest(unittest.TestCase):
    def setUp(self):
        self.store = ShiftStore([Shift("x1", "x1"), Shift("y2", "y2")])

    def test_keys_are_used_once(self):
        with self.assertRaises(Duplicate):
            self.store.add(Shift("x1", "x1"))
        with self.assertRaises(NotThere):
            self.store.get("nobody")

    def test_listing_has_a_line_for_each(self):
        self.assertEqual(len(listing(self.store).splitlines()), 4)
        self.assertTrue(listing(self.store).startswith(HEADING[0]))

    def test_rule_holds_for_a_new_one(self):
        self.assertEqual(hours(self.store.get("x1")), 8)
