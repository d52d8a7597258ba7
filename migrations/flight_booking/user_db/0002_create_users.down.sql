-- airside: data-loss table public.users
DROP TABLE users;

DROP FUNCTION set_updated_at();
