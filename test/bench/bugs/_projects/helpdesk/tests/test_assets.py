import unittest

from helpdesk.common.errors import Duplicate, NotThere
from helpdesk.assets.listing import HEADING, listing
from helpdesk.assets.model import Asset
from helpdesk.assets.rules import ends
from helpdesk.assets.store import AssetStore


class AssetTest(unittest.TestCase):
    def setUp(self):
        self.store = AssetStore([Asset("x1", "x1"), Asset("y2", "y2")])

    def test_keys_are_used_once(self):
        with self.assertRaises(Duplicate):
            self.store.add(Asset("x1", "x1"))
        with self.assertRaises(NotThere):
            self.store.get("nobody")

    def test_listing_has_a_line_for_each(self):
        self.assertEqual(len(listing(self.store).splitlines()), 4)
        self.assertTrue(listing(self.store).startswith(HEADING[0]))

    def test_rule_holds_for_a_new_one(self):
        self.assertEqual(ends(self.store.get("x1")), 2024)
