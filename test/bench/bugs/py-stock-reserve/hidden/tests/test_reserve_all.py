import unittest

from warehouse.orders import Line, Order
from warehouse.stock import OutOfStock, Stock


class ReserveAllTest(unittest.TestCase):
    def setUp(self):
        self.stock = Stock({"bolt": 10, "nut": 4})

    def refuse(self, order, sku, available):
        before = {name: self.stock.available(name) for name in ("bolt", "nut")}
        with self.assertRaises(OutOfStock) as caught:
            self.stock.reserve(order)
        self.assertEqual((caught.exception.sku, caught.exception.available), (sku, available))
        self.assertEqual({name: self.stock.available(name) for name in ("bolt", "nut")}, before)
        with self.assertRaises(KeyError):
            self.stock.ship(order.number)

    def test_rows_that_fit_together(self):
        self.stock.reserve(Order("B1", [Line("nut", 1), Line("nut", 2), Line("nut", 1)]))
        self.assertEqual(self.stock.available("nut"), 0)
        self.assertEqual(self.stock.ship("B1"), {"nut": 4})
        self.assertEqual(self.stock.on_hand("nut"), 0)

    def test_one_too_many_over_three_rows(self):
        self.refuse(Order("B2", [Line("nut", 2), Line("nut", 2), Line("nut", 1)]), "nut", 4)

    def test_short_only_because_of_another_order(self):
        self.stock.reserve(Order("B3", [Line("bolt", 5)]))
        self.refuse(Order("B4", [Line("nut", 1), Line("bolt", 3), Line("bolt", 3)]), "bolt", 5)
        self.stock.cancel("B3")
        self.stock.reserve(Order("B4", [Line("nut", 1), Line("bolt", 3), Line("bolt", 3)]))
        self.assertEqual(self.stock.available("bolt"), 4)

    def test_one_row_too_many(self):
        self.refuse(Order("B5", [Line("bolt", 1), Line("nut", 5)]), "nut", 4)
        self.refuse(Order("B6", [Line("washer", 1)]), "washer", 0)

    def test_an_order_once_only(self):
        order = Order("B7", [Line("nut", 1), Line("nut", 1)])
        self.stock.reserve(order)
        with self.assertRaises(ValueError):
            self.stock.reserve(order)
        self.assertEqual(self.stock.available("nut"), 2)
