-- airside: data-loss table public.user_travelers
DROP TABLE user_travelers;

DROP FUNCTION require_future_passport();
