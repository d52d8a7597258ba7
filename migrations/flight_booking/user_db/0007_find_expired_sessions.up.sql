-- airside: transaction = off
-- Built while people sign in.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_user_sessions_expires_at ON user_sessions (expires_at);

-- Without it ON DELETE SET NULL scans the table.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_user_roles_granted_by ON user_roles (granted_by);
