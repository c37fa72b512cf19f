import unittest

from helpdesk.common.errors import Duplicate, NotThere
from helpdesk.visits.listing import HEADING, listing
from helpdesk.visits.model import Visit
from helpdesk.visits.rules import length
from helpdesk.visits.store import VisitStore


class VisitTest(unittest.TestCase):
    def setUp(self):
        self.store = VisitStore([Visit(7, "x1"), Visit(9, "y2")])

    def test_keys_are_used_once(self):
        with self.assertRaises(Duplicate):
            self.store.add(Visit(7, "x1"))
        with self.assertRaises(NotThere):
            self.store.get("nobody")

    def test_listing_has_a_line_for_each(self):
        self.assertEqual(len(listing(self.store).splitlines()), 4)
        self.assertTrue(listing(self.store).startswith(HEADING[0]))

    def test_rule_holds_for_a_new_one(self):
        self.assertEqual(length(self.store.get(7)), 60)
