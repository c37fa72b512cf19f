"""What is on the shelves and what is promised."""

from collections import defaultdict


class OutOfStock(Exception):
    """There are fewer pieces than an order asks for."""

    def __init__(self, sku, available):
        super().__init__(f"{sku}: only {available} left")
        self.sku = sku
        self.available = available


class Stock:
    """Pieces on hand, and pieces reserved for orders that are not shipped yet.

    Never are more pieces of an article reserved than there are on hand.
    """

    def __init__(self, on_hand=None):
        self._on_hand = defaultdict(int, on_hand or {})
        self._reserved = defaultdict(int)
        self._orders = {}

    def on_hand(self, sku):
        return self._on_hand.get(sku, 0)

    def available(self, sku):
        """Pieces that can still be promised."""
        return self.on_hand(sku) - self._reserved.get(sku, 0)

    def receive(self, sku, pieces):
        """Put delivered pieces on the shelf."""
        if pieces < 1:
            raise ValueError(f"{sku}: cannot receive {pieces} pieces")
        self._on_hand[sku] += pieces

    def reserve(self, order):
        """Promise everything in the order, or nothing.

        Raises OutOfStock for the first article that is short, with what could
        be promised of it before; raises ValueError for an order that is
        reserved already.
        """
        if order.number in self._orders:
            raise ValueError(f"order {order.number} is reserved already")
        for sku, pieces in order.quantities().items():
            available = self.available(sku)
            if pieces > available:
                raise OutOfStock(sku, available)
        for line in order.lines:
            self._reserved[line.sku] += line.quantity
        self._orders[order.number] = order

    def cancel(self, number):
        """Give back what was promised to an order."""
        order = self._take(number)
        for sku, pieces in order.quantities().items():
            self._reserved[sku] -= pieces

    def ship(self, number):
        """Take an order's pieces off the shelf; returns them per article."""
        order = self._take(number)
        shipped = order.quantities()
        for sku, pieces in shipped.items():
            self._reserved[sku] -= pieces
            self._on_hand[sku] -= pieces
        return shipped

    def _take(self, number):
        if number not in self._orders:
            raise KeyError(f"order {number} is not reserved")
        return self._orders.pop(number)

    def low(self, threshold):
        """Articles of which fewer than `threshold` pieces can be promised, sorted."""
        return sorted(sku for sku in self._on_hand if self.available(sku) < threshold)
