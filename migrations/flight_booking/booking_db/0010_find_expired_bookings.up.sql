-- Not CONCURRENTLY: PostgreSQL refuses that on a partitioned table.
-- airside: allow index-not-concurrent because PostgreSQL refuses CONCURRENTLY on a partitioned table; the runner gives way to writers before it begins, and they wait while it builds
CREATE INDEX idx_pending_bookings ON bookings (expires_at) WHERE status = 'pending';
