import unittest

from helpdesk.common.errors import Duplicate, NotThere
from helpdesk.customers.listing import HEADING, listing
from helpdesk.customers.model import Customer
from helpdesk.customers.rules import can_report
from helpdesk.customers.store import CustomerStore


class CustomerTest(unittest.TestCase):
    def setUp(self):
        self.store = CustomerStore([Customer("x1", "x1"), Customer("y2", "y2")])

    def test_keys_are_used_once(self):
        with self.assertRaises(Duplicate):
            self.store.add(Customer("x1", "x1"))
        with self.assertRaises(NotThere):
            self.store.get("nobody")

    def test_listing_has_a_line_for_each(self):
        self.assertEqual(len(listing(self.store).splitlines()), 4)
        self.assertTrue(listing(self.store).startswith(HEADING[0]))

    def test_rule_holds_for_a_new_one(self):
        self.assertEqual(can_report(self.store.get("x1")), True)
