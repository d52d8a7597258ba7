-- airside: transaction = off
-- What the daily cleanup reads, built while people sign in.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_sessions_expires_at ON user_sessions (expires_at);
