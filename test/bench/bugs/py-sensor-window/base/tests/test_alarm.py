import unittest

from sensors.alarm import Alarm
from sensors.readings import Reading, parse
from sensors.window import Window


class AlarmTest(unittest.TestCase):
    def setUp(self):
        self.alarm = Alarm(limit=6.0, seconds=60)

    def hear(self, *pairs):
        for at, value in pairs:
            self.alarm.hear(Reading(at, value))

    def test_ok_while_cold(self):
        self.hear((0, 4.0), (10, 4.5), (20, 9.0))
        self.assertEqual(self.alarm.state(20), "ok")

    def test_warm(self):
        self.hear((0, 4.0), (10, 7.5), (20, 9.0))
        self.assertEqual(self.alarm.report(20), "warm: median 7.5, spread 5.0")

    def test_silent_before_the_first_reading(self):
        self.assertEqual(self.alarm.state(0), "silent")

    def test_silent_when_the_sensor_stops(self):
        self.hear((0, 4.0), (10, 4.5))
        self.assertEqual(self.alarm.state(30), "ok")
        self.assertEqual(self.alarm.state(200), "silent")


class WindowTest(unittest.TestCase):
    def test_keeps_the_newest_up_to_the_limit(self):
        window = Window(seconds=60, limit=2)
        for at, value in ((0, 1.0), (1, 2.0), (2, 6.0)):
            window.add(Reading(at, value))
        self.assertEqual((len(window), window.mean()), (2, 4.0))


class ParseTest(unittest.TestCase):
    def test_reads_a_line(self):
        self.assertEqual(parse("12.5 -3.25\n"), Reading(12.5, -3.25))

    def test_refuses_others(self):
        with self.assertRaises(ValueError):
            parse("12.5")


if __name__ == "__main__":
    unittest.main()
