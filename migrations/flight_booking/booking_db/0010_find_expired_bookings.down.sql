DROP INDEX idx_pending_bookings;
