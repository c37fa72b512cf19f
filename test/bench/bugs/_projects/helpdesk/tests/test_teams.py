import unittest

from helpdesk.common.errors import Duplicate, NotThere
from helpdesk.teams.listing import HEADING, listing
from helpdesk.teams.model import Team
from helpdesk.teams.rules import is_staffed
from helpdesk.teams.store import TeamStore


class TeamTest(unittest.TestCase):
    def setUp(self):
        self.store = TeamStore([Team("x1", "x1"), Team("y2", "y2")])

    def test_keys_are_used_once(self):
        with self.assertRaises(Duplicate):
            self.store.add(Team("x1", "x1"))
        with self.assertRaises(NotThere):
            self.store.get("nobody")

    def test_listing_has_a_line_for_each(self):
        self.assertEqual(len(listing(self.store).splitlines()), 4)
        self.assertTrue(listing(self.store).startswith(HEADING[0]))

    def test_rule_holds_for_a_new_one(self):
        self.assertEqual(is_staffed(self.store.get("x1")), False)
