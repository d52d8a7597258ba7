-- airside: data-loss table public.users
DROP TABLE users;

DROP FUNCTION update_updated_at_column();
