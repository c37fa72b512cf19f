import asyncio
import unittest

from tickets.hall import Hall, NoSuchSeat, SeatTaken
from tickets.payments import Declined, Payments
from tickets.plan import rows


class HallTest(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.payments = Payments(declines=["broke"])
        self.hall = Hall(rows("AB", 2, price=20, front_extra=5), self.payments)

    async def test_buys_a_seat(self):
        seat = await self.hall.buy("A1", "ada")
        self.assertEqual((seat.code, seat.holder), ("A1", "ada"))
        self.assertEqual(self.payments.charged, [("ada", 25)])
        self.assertEqual(self.hall.free(), ["A2", "B1", "B2"])

    async def test_one_seat_for_two_at_once(self):
        results = await asyncio.gather(
            self.hall.buy("A1", "ada"), self.hall.buy("A1", "bo"), return_exceptions=True
        )
        self.assertEqual(sum(isinstance(result, SeatTaken) for result in results), 1)
        self.assertEqual(len(self.payments.charged), 1)
        self.assertEqual(self.payments.charged[0][0], self.hall.seat("A1").holder)

    async def test_declined_card(self):
        with self.assertRaises(Declined):
            await self.hall.buy("B1", "broke")
        self.assertIn("B1", self.hall.free())

    async def test_give_back(self):
        await self.hall.buy("B1", "ada")
        await self.hall.give_back("B1", "ada")
        self.assertEqual(self.payments.charged, [])
        self.assertEqual(self.hall.takings(), 0)

    async def test_no_such_seat(self):
        with self.assertRaises(NoSuchSeat):
            await self.hall.buy("Z9", "ada")


if __name__ == "__main__":
    unittest.main()
