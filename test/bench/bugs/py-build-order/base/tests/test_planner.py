import unittest

from build.errors import Cycle, UnknownTarget
from build.planner import plan, read, stages, stale

CHAIN = """
app: lib   # the program
lib: headers
headers:
"""
DIAMOND = """
app: parser printer
parser: syntax
printer: syntax
syntax:
"""


class PlanTest(unittest.TestCase):
    def test_needs_come_first(self):
        self.assertEqual(plan(read(CHAIN), ["app"]), ["headers", "lib", "app"])

    def test_shared_need_is_built_once(self):
        self.assertEqual(plan(read(DIAMOND), ["app"]), ["syntax", "parser", "printer", "app"])

    def test_cycle_is_refused(self):
        with self.assertRaises(Cycle):
            plan(read("a: b\nb: a"), ["a"])

    def test_unknown_need_names_who_wants_it(self):
        with self.assertRaisesRegex(UnknownTarget, "no target zlib, which lib needs"):
            plan(read("lib: zlib"), ["lib"])

    def test_stages(self):
        self.assertEqual(stages(read(CHAIN), ["app"]), [["headers"], ["lib"], ["app"]])

    def test_only_what_is_stale(self):
        self.assertEqual(stale(read(CHAIN), ["app"], {"lib"}), ["lib", "app"])


if __name__ == "__main__":
    unittest.main()
