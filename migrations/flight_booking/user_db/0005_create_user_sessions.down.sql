-- airside: data-loss table public.user_sessions
DROP TABLE user_sessions;
