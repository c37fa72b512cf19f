import unittest

from helpdesk.common.errors import Duplicate, NotThere
from helpdesk.parts.listing import HEADING, listing
from helpdesk.parts.model import Part
from helpdesk.parts.rules import missing
from helpdesk.parts.store import PartStore


class PartTest(unittest.TestCase):
    def setUp(self):
        self.store = PartStore([Part("x1", "x1"), Part("y2", "y2")])

    def test_keys_are_used_once(self):
        with self.assertRaises(Duplicate):
            self.store.add(Part("x1", "x1"))
        with self.assertRaises(NotThere):
            self.store.get("nobody")

    def test_listing_has_a_line_for_each(self):
        self.assertEqual(len(listing(self.store).splitlines()), 4)
        self.assertTrue(listing(self.store).startswith(HEADING[0]))

    def test_rule_holds_for_a_new_one(self):
        self.assertEqual(missing(self.store.get("x1")), 1)
