"""Flight booking with a database per service: users, searches, bookings, payments, reviews, analytics."""
