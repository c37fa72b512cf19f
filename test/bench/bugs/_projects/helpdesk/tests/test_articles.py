import unittest

from helpdesk.common.errors import Duplicate, NotThere
from helpdesk.articles.listing import HEADING, listing
from helpdesk.articles.model import Article
from helpdesk.articles.rules import is_public
from helpdesk.articles.store import ArticleStore


class ArticleTest(unittest.TestCase):
    def setUp(self):
        self.store = ArticleStore([Article("x1", "x1"), Article("y2", "y2")])

    def test_keys_are_used_once(self):
        with self.assertRaises(Duplicate):
            self.store.add(Article("x1", "x1"))
        with self.assertRaises(NotThere):
            self.store.get("nobody")

    def test_listing_has_a_line_for_each(self):
        self.assertEqual(len(listing(self.store).splitlines()), 4)
        self.assertTrue(listing(self.store).startswith(HEADING[0]))

    def test_rule_holds_for_a_new_one(self):
        self.assertEqual(is_public(self.store.get("x1")), True)
