import asyncio
import unittest

from tickets.hall import Hall, SeatTaken
from tickets.payments import Declined, Payments
from tickets.plan import rows


def within(seconds, awaitable):
    return asyncio.wait_for(awaitable, seconds)


class RushTest(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.payments = Payments(declines=["broke", "poor"])
        self.hall = Hall(rows("AB", 3, price=20), self.payments)

    async def rush(self, *calls):
        return await within(5, asyncio.gather(*calls, return_exceptions=True))

    def consistent(self):
        paid = sorted(customer for customer, _ in self.payments.charged)
        seated = sorted(seat.holder for seat in map(self.hall.seat, ["A1", "A2", "A3", "B1", "B2", "B3"]) if seat.holder)
        self.assertEqual(paid, seated)
        self.assertEqual(self.hall.takings(), sum(amount for _, amount in self.payments.charged))

    async def test_many_for_one_seat(self):
        results = await self.rush(*(self.hall.buy("B2", f"c{n}") for n in range(20)))
        self.assertEqual(sum(isinstance(result, SeatTaken) for result in results), 19)
        self.consistent()

    async def test_different_seats(self):
        await self.rush(self.hall.buy("A1", "ada"), self.hall.buy("A2", "bo"), self.hall.buy("A3", "ada"))
        self.assertEqual(self.hall.held_by("ada"), ["A1", "A3"])
        self.consistent()

    async def test_declined_in_a_rush_leaves_the_seat_free(self):
        results = await self.rush(self.hall.buy("A1", "broke"), self.hall.buy("A1", "poor"))
        self.assertTrue(any(isinstance(result, Declined) for result in results))
        self.assertIn("A1", self.hall.free())
        await within(5, self.hall.buy("A1", "ada"))
        self.consistent()

    async def test_any_seat(self):
        results = await self.rush(*(self.hall.buy_any(f"c{n}", 20) for n in range(8)))
        self.assertEqual(len({seat.code for seat in results if seat is not None}), 6)
        self.assertEqual(results.count(None), 2)
        self.consistent()

    async def test_give_back_then_buy(self):
        await within(5, self.hall.buy("A1", "ada"))
        await within(5, self.hall.give_back("A1", "ada"))
        await within(5, self.hall.buy("A1", "ada"))
        with self.assertRaises(SeatTaken):
            await within(5, self.hall.buy("A1", "ada"))
        self.consistent()
