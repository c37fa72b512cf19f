"""The till: scans codes and prints the receipt."""

from receipts.receipt import Receipt


class Till:
    def __init__(self, shop, articles, width=32):
        self._shop = shop
        self._articles = articles
        self._width = width

    def sell(self, codes):
        """Print the receipt for scanned codes; the same code twice makes one item of two pieces."""
        receipt = Receipt(self._shop, self._width)
        for code in dict.fromkeys(codes):
            name, cents = self._articles[code]
            receipt.add(name, codes.count(code), cents)
        return receipt.print()
