import unittest

from helpdesk.common.errors import Duplicate, NotThere
from helpdesk.agents.listing import HEADING, listing
from helpdesk.agents.model import Agent
from helpdesk.agents.rules import takes_calls
from helpdesk.agents.store import AgentStore


class AgentTest(unittest.TestCase):
    def setUp(self):
        self.store = AgentStore([Agent("x1", "x1"), Agent("y2", "y2")])

    def test_keys_are_used_once(self):
        with self.assertRaises(Duplicate):
            self.store.add(Agent("x1", "x1"))
        with self.assertRaises(NotThere):
            self.store.get("nobody")

    def test_listing_has_a_line_for_each(self):
        self.assertEqual(len(listing(self.store).splitlines()), 4)
        self.assertTrue(listing(self.store).startswith(HEADING[0]))

    def test_rule_holds_for_a_new_one(self):
        self.assertEqual(takes_calls(self.store.get("x1")), True)
