-- expects: identifier-truncated
-- given
CREATE TABLE users (id int PRIMARY KEY, email text);
-- migration
CREATE INDEX CONCURRENTLY users_email_that_is_used_when_somebody_looks_for_a_user_by_mail_address ON users (email);
