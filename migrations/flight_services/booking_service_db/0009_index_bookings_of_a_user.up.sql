-- CONCURRENTLY is refused on a partitioned table. At this size a plain build takes seconds; later, build the index of
-- each partition CONCURRENTLY and attach it to one made ON ONLY bookings.
-- airside: allow index-not-concurrent because PostgreSQL refuses CONCURRENTLY on a partitioned table; the runner gives way to writers before it begins, and they wait while it builds
CREATE INDEX idx_active_bookings ON bookings (user_id, created_at DESC)
WHERE status IN ('CONFIRMED', 'PENDING_PAYMENT');

-- airside: allow index-not-concurrent because PostgreSQL refuses CONCURRENTLY on a partitioned table; the runner gives way to writers before it begins, and they wait while it builds
CREATE INDEX idx_bookings_user_date ON bookings (user_id, departure_datetime);

-- airside: allow index-not-concurrent because PostgreSQL refuses CONCURRENTLY on a partitioned table; the runner gives way to writers before it begins, and they wait while it builds
CREATE INDEX idx_bookings_email_lower ON bookings (lower(contact_email));
