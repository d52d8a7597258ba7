-- airside: transaction = off
DROP INDEX CONCURRENTLY IF EXISTS idx_reviews_booking_id;

DROP INDEX CONCURRENTLY IF EXISTS uq_bookings_payment_intent;
