-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, email text);
CREATE INDEX users_email ON users (email);
-- migration
DROP INDEX CONCURRENTLY users_email;
