-- Run by the owner: the app role deletes no booking, not even through this.
REVOKE ALL ON FUNCTION archive_old_bookings(timestamptz, integer) FROM PUBLIC;
