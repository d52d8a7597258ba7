-- airside: transaction = off
DROP INDEX CONCURRENTLY IF EXISTS idx_sessions_expires_at;
