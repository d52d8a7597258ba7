-- airside: data-loss table public.oauth_accounts
DROP TABLE oauth_accounts;

-- airside: data-loss table public.users
DROP TABLE users;
