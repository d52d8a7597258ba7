-- airside: transaction = off
DROP INDEX CONCURRENTLY IF EXISTS idx_audit_log_user;

DROP INDEX CONCURRENTLY IF EXISTS idx_notifications_booking;

DROP INDEX CONCURRENTLY IF EXISTS idx_preference_rankings_option3;

DROP INDEX CONCURRENTLY IF EXISTS idx_preference_rankings_option2;

DROP INDEX CONCURRENTLY IF EXISTS idx_preference_rankings_option1;

DROP INDEX CONCURRENTLY IF EXISTS idx_preference_rankings_user;

DROP INDEX CONCURRENTLY IF EXISTS idx_bookings_original;
