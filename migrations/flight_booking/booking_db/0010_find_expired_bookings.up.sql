-- Not CONCURRENTLY: PostgreSQL refuses that on a partitioned table.
CREATE INDEX idx_pending_bookings ON bookings (expires_at) WHERE status = 'pending';
