-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, email text);
CREATE UNIQUE INDEX users_email ON users (email);
CREATE UNIQUE INDEX users_email_new ON users (email) INCLUDE (id);
-- migration
DROP INDEX CONCURRENTLY users_email;
