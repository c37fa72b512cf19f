"""Stock of one warehouse and the orders that wait for it."""
