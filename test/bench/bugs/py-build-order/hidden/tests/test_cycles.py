import unittest

from build.errors import Cycle
from build.graph import Graph
from build.planner import plan, read, stages, stale


class SharedTest(unittest.TestCase):
    def test_the_same_target_twice_and_one_that_is_needed_already(self):
        graph = read("a: b\nb:")
        self.assertEqual(plan(graph, ["a", "a"]), ["b", "a"])
        self.assertEqual(plan(graph, ["a", "b"]), ["b", "a"])
        self.assertEqual(plan(graph, []), [])

    def test_wide_diamond(self):
        graph = read("top: a b c d\na: z\nb: z a\nc: z b\nd: z\nz:")
        self.assertEqual(plan(graph, ["top"]), ["z", "a", "b", "c", "d", "top"])
        self.assertEqual(stages(graph, ["top"]), [["z"], ["a", "d"], ["b"], ["c"], ["top"]])
        self.assertEqual(stale(graph, ["top"], {"b"}), ["b", "c", "top"])


class CycleTest(unittest.TestCase):
    def check(self, text, target, names):
        with self.assertRaises(Cycle) as caught:
            plan(read(text), [target])
        self.assertEqual(caught.exception.names, names)

    def test_names_the_cycle_only(self):
        self.check("a: a", "a", ["a", "a"])
        self.check("start: a\na: b\nb: a", "start", ["a", "b", "a"])
        self.check("a: b\nb: c\nc: a", "a", ["a", "b", "c", "a"])

    def test_leaves_out_what_was_done_on_the_way(self):
        self.check("a: done b\ndone: deep\ndeep:\nb: a", "a", ["a", "b", "a"])
        self.check("a: b\nb: x c\nx:\nc: x a", "a", ["a", "b", "c", "a"])

    def test_cycle_behind_a_good_target(self):
        graph = Graph()
        graph.add("good")
        graph.add("p", ["good", "q"])
        graph.add("q", ["p"])
        with self.assertRaises(Cycle) as caught:
            plan(graph, ["good", "p"])
        self.assertEqual(caught.exception.names, ["p", "q", "p"])
