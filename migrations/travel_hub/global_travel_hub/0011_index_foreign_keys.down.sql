-- airside: transaction = off
DROP INDEX CONCURRENTLY IF EXISTS idx_users_deleted_at;

DROP INDEX CONCURRENTLY IF EXISTS idx_booking_items_booking;

DROP INDEX CONCURRENTLY IF EXISTS idx_bookings_tenant_user;
