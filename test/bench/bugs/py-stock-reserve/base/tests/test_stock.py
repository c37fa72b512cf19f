import unittest

from warehouse.orders import Line, Order
from warehouse.stock import OutOfStock, Stock


class ReserveTest(unittest.TestCase):
    def setUp(self):
        self.stock = Stock({"bolt": 10, "nut": 4})

    def test_promised_pieces_are_not_available(self):
        self.stock.reserve(Order("A1", [Line("bolt", 7)]))
        self.assertEqual(self.stock.available("bolt"), 3)
        self.assertEqual(self.stock.on_hand("bolt"), 10)

    def test_refuses_more_than_there_is(self):
        with self.assertRaises(OutOfStock):
            self.stock.reserve(Order("A1", [Line("nut", 5)]))

    def test_same_article_on_two_rows(self):
        order = Order("A2", [Line("nut", 3), Line("bolt", 1), Line("nut", 3, "gift wrapped")])
        with self.assertRaises(OutOfStock):
            self.stock.reserve(order)
        self.assertEqual(self.stock.available("nut"), 4)

    def test_cancel_gives_back(self):
        self.stock.reserve(Order("A3", [Line("nut", 1), Line("nut", 2)]))
        self.stock.cancel("A3")
        self.assertEqual(self.stock.available("nut"), 4)

    def test_ship(self):
        self.stock.reserve(Order("A4", [Line("bolt", 2), Line("nut", 4)]))
        self.assertEqual(self.stock.ship("A4"), {"bolt": 2, "nut": 4})
        self.assertEqual(self.stock.on_hand("nut"), 0)
        self.assertEqual(self.stock.low(5), ["nut"])

    def test_pick_list_adds_rows_up(self):
        order = Order("A5", [Line("nut", 1), Line("bolt", 2), Line("nut", 2)])
        self.assertEqual(order.pick_list({"bolt": "B2", "nut": "A9"}), [("A9", "nut", 3), ("B2", "bolt", 2)])


if __name__ == "__main__":
    unittest.main()
