import unittest

from sensors.alarm import Alarm
from sensors.readings import Reading
from sensors.window import EmptyWindow, Window


def filled(*pairs, seconds=60, limit=1000):
    window = Window(seconds, limit)
    for at, value in pairs:
        window.add(Reading(at, value))
    return window


class ExpireTest(unittest.TestCase):
    def test_figures_follow(self):
        window = filled((0, 1.0), (30, 5.0), (40, 7.0), (50, 9.0))
        self.assertEqual((window.mean(), window.median(), window.spread()), (5.5, 5.0, 8.0))
        self.assertEqual(window.expire(61), 1)
        self.assertEqual((window.mean(), window.median(), window.spread()), (7.0, 7.0, 4.0))
        self.assertEqual(window.expire(95), 1)
        self.assertEqual(window.quantile(1), 9.0)
        self.assertEqual(window.mean(), 8.0)

    def test_partly_expired_alarm(self):
        alarm = Alarm(limit=6.0, seconds=60)
        for at, value in ((0, 9.0), (5, 9.0), (50, 4.0)):
            alarm.hear(Reading(at, value))
        self.assertEqual(alarm.state(50), "warm")
        self.assertEqual(alarm.report(90), "ok: median 4.0, spread 0.0")

    def test_nothing_expires(self):
        window = filled((0, 1.0), (60, 3.0))
        self.assertEqual(window.mean(), 2.0)
        self.assertEqual(window.expire(60), 0)
        self.assertEqual(window.mean(), 2.0)
        self.assertEqual(len(window), 2)

    def test_all_gone_and_back(self):
        window = filled((0, 1.0))
        self.assertEqual(window.median(), 1.0)
        self.assertEqual(window.expire(1000), 1)
        for figure in (window.mean, window.median, window.spread, window.latest):
            with self.assertRaises(EmptyWindow):
                figure()
        window.add(Reading(1001, 8.0))
        self.assertEqual(window.mean(), 8.0)


class OtherChangesTest(unittest.TestCase):
    def test_add_limit_and_clear(self):
        window = filled((0, 1.0), (1, 2.0), limit=2)
        self.assertEqual(window.mean(), 1.5)
        window.add(Reading(2, 6.0))
        self.assertEqual(window.mean(), 4.0)
        window.clear()
        with self.assertRaises(EmptyWindow):
            window.mean()

    def test_add_expires_too(self):
        window = filled((0, 1.0), (10, 2.0))
        window.mean()
        window.add(Reading(65, 4.0))
        self.assertEqual(window.mean(), 3.0)
