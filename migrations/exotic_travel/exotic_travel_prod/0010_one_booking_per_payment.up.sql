-- airside: transaction = off
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS uq_bookings_payment_intent
ON bookings (payment_intent_id) WHERE payment_intent_id IS NOT NULL;

-- A booking finds its review, and RESTRICT need not scan them all.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_reviews_booking_id ON reviews (booking_id);
