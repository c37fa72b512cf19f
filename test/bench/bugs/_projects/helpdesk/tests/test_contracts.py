import unittest

from helpdesk.common.errors import Duplicate, NotThere
from helpdesk.contracts.listing import HEADING, listing
from helpdesk.contracts.model import Contract
from helpdesk.contracts.rules import is_free
from helpdesk.contracts.store import ContractStore


class ContractTest(unittest.TestCase):
    def setUp(self):
        self.store = ContractStore([Contract("x1", "x1"), Contract("y2", "y2")])

    def test_keys_are_used_once(self):
        with self.assertRaises(Duplicate):
            self.store.add(Contract("x1", "x1"))
        with self.assertRaises(NotThere):
            self.store.get("nobody")

    def test_listing_has_a_line_for_each(self):
        self.assertEqual(len(listing(self.store).splitlines()), 4)
        self.assertTrue(listing(self.store).startswith(HEADING[0]))

    def test_rule_holds_for_a_new_one(self):
        self.assertEqual(is_free(self.store.get("x1")), True)
