-- airside: data-loss table public.reviews
DROP TABLE reviews;

DROP FUNCTION update_updated_at_column();
