-- airside: transaction = off
-- Built while people write.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_reviews_user_id ON reviews (user_id);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_reviews_created_at ON reviews (created_at DESC);
