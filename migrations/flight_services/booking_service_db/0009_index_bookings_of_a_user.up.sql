-- CONCURRENTLY is refused on a partitioned table. At this size a plain build takes seconds; later, build the index of
-- each partition CONCURRENTLY and attach it to one made ON ONLY bookings.
CREATE INDEX idx_active_bookings ON bookings (user_id, created_at DESC)
WHERE status IN ('CONFIRMED', 'PENDING_PAYMENT');

CREATE INDEX idx_bookings_user_date ON bookings (user_id, departure_datetime);

CREATE INDEX idx_bookings_email_lower ON bookings (lower(contact_email));
