-- airside: data-loss table public.user_roles
DROP TABLE user_roles;
