-- airside: transaction = off
-- Built while people fly. Without them RESTRICT and CASCADE scan whole tables.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_bookings_original
ON bookings (original_booking_id) WHERE original_booking_id IS NOT NULL;

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_preference_rankings_user ON preference_rankings (user_id);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_preference_rankings_option1
ON preference_rankings (booking_id, option1_id);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_preference_rankings_option2
ON preference_rankings (booking_id, option2_id);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_preference_rankings_option3
ON preference_rankings (booking_id, option3_id);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_notifications_booking ON notifications (booking_id);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_audit_log_user ON audit_log (user_id);
