import unittest

from helpdesk.common.errors import Duplicate, NotThere
from helpdesk.surveys.listing import HEADING, listing
from helpdesk.surveys.model import Survey
from helpdesk.surveys.rules import is_happy
from helpdesk.surveys.store import SurveyStore


class SurveyTest(unittest.TestCase):
    def setUp(self):
        self.store = SurveyStore([Survey(7, 7), Survey(9, 9)])

    def test_keys_are_used_once(self):
        with self.assertRaises(Duplicate):
            self.store.add(Survey(7, 7))
        with self.assertRaises(NotThere):
            self.store.get("nobody")

    def test_listing_has_a_line_for_each(self):
        self.assertEqual(len(listing(self.store).splitlines()), 4)
        self.assertTrue(listing(self.store).startswith(HEADING[0]))

    def test_rule_holds_for_a_new_one(self):
        self.assertEqual(is_happy(self.store.get(7)), True)
