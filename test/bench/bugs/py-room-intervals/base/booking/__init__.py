"""Room bookings by the minute of the day."""
