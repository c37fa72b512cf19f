"""Talks to the payment provider."""

import asyncio


class Declined(Exception):
    """The provider does not take the card."""


class Payments:
    """Stands in for the provider: remembers who paid what, and declines some customers."""

    def __init__(self, declines=()):
        self._declines = set(declines)
        self.charged = []

    async def charge(self, customer, amount):
        """Take the money. Raises Declined, in which case nothing was taken."""
        await asyncio.sleep(0)
        if customer in self._declines:
            raise Declined(customer)
        self.charged.append((customer, amount))

    async def refund(self, customer, amount):
        await asyncio.sleep(0)
        self.charged.remove((customer, amount))
