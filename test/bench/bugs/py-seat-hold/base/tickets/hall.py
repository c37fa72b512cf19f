"""Who sits where tonight."""

import asyncio


class SeatTaken(Exception):
    """Somebody has the seat."""


class NoSuchSeat(KeyError):
    """The hall has no seat with this code."""


class Hall:
    """Seats are sold to whoever comes first; customers buy at the same time.

    A seat belongs to one customer at most. Nobody pays for a seat that they
    do not get, and a seat whose buyer could not pay stays free.
    """

    def __init__(self, plan, payments):
        self._seats = {seat.code: seat for seat in plan}
        self._payments = payments
        self._lock = asyncio.Lock()

    def seat(self, code):
        if code not in self._seats:
            raise NoSuchSeat(code)
        return self._seats[code]

    def free(self):
        """Codes of the seats that can be had, in the order of the plan."""
        return [code for code, seat in self._seats.items() if seat.holder is None]

    def held_by(self, customer):
        return [code for code, seat in self._seats.items() if seat.holder == customer]

    async def buy(self, code, customer):
        """Charge the customer and give them the seat.

        Raises SeatTaken, NoSuchSeat, or Declined from the provider.
        """
        seat = self.seat(code)
        if seat.holder is not None:
            raise SeatTaken(code)
        await self._payments.charge(customer, seat.price)
        seat.holder = customer
        return seat

    async def give_back(self, code, customer):
        """Refund the seat and free it."""
        async with self._lock:
            seat = self.seat(code)
            if seat.holder != customer:
                raise SeatTaken(code)
            await self._payments.refund(customer, seat.price)
            seat.holder = None

    async def buy_any(self, customer, at_most):
        """The first free seat for at most this price, or None."""
        for code in self.free():
            if self._seats[code].price > at_most:
                continue
            try:
                return await self.buy(code, customer)
            except SeatTaken:
                continue
        return None

    def takings(self):
        return sum(seat.price for seat in self._seats.values() if seat.holder is not None)
