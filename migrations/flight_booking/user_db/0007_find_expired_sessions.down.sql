-- airside: transaction = off
DROP INDEX CONCURRENTLY IF EXISTS idx_user_roles_granted_by;

DROP INDEX CONCURRENTLY IF EXISTS idx_user_sessions_expires_at;
