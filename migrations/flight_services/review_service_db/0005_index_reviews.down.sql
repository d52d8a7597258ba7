-- airside: transaction = off
DROP INDEX CONCURRENTLY IF EXISTS idx_reviews_created_at;

DROP INDEX CONCURRENTLY IF EXISTS idx_reviews_user_id;
