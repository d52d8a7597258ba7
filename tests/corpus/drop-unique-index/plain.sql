-- expects: drop-unique-index
-- given
CREATE TABLE users (id int PRIMARY KEY, email text);
CREATE UNIQUE INDEX users_email ON users (email);
-- migration
DROP INDEX CONCURRENTLY users_email;
