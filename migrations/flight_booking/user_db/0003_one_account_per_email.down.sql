DROP INDEX idx_users_email;

DROP TRIGGER trg_users_register_email ON users;

DROP FUNCTION users_register_email();

-- Nothing is lost with the rows: they repeat users.
-- airside: data-loss table public.user_email_registry
DROP TABLE user_email_registry;
