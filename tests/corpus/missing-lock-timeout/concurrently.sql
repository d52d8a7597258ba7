-- safe
-- timeouts: file
-- given
CREATE TABLE users (id int PRIMARY KEY, email text);
-- migration
CREATE INDEX CONCURRENTLY users_email ON users (email);
