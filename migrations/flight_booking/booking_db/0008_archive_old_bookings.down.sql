DROP FUNCTION archive_old_bookings(timestamptz, integer);
