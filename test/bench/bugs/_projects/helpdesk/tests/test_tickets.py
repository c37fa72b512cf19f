import unittest

from helpdesk.common.errors import Duplicate, NotThere
from helpdesk.tickets.listing import HEADING, listing
from helpdesk.tickets.model import Ticket
from helpdesk.tickets.rules import is_open
from helpdesk.tickets.store import TicketStore


class TicketTest(unittest.TestCase):
    def setUp(self):
        self.store = TicketStore([Ticket(7, "x1"), Ticket(9, "y2")])

    def test_keys_are_used_once(self):
        with self.assertRaises(Duplicate):
            self.store.add(Ticket(7, "x1"))
        with self.assertRaises(NotThere):
            self.store.get("nobody")

    def test_listing_has_a_line_for_each(self):
        self.assertEqual(len(listing(self.store).splitlines()), 4)
        self.assertTrue(listing(self.store).startswith(HEADING[0]))

    def test_rule_holds_for_a_new_one(self):
        self.assertEqual(is_open(self.store.get(7)), True)
