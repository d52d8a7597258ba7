-- airside: transaction = off
-- Built while people book. Without them RESTRICT and SET NULL scan whole tables.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_bookings_tenant_user ON bookings (tenant_id, user_id);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_booking_items_booking ON booking_items (tenant_id, booking_id);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_users_deleted_at ON users (deleted_at) WHERE deleted_at IS NOT NULL;
