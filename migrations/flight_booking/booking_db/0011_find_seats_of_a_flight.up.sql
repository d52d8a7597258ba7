-- airside: transaction = off
-- Built while bookings are made. Without it ON DELETE CASCADE scans the table.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_passenger_segments_segment ON passenger_segments (booking_segment_id);
