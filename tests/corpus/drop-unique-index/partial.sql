-- expects: drop-unique-index
-- given
CREATE TABLE users (id int PRIMARY KEY, email text, gone boolean);
CREATE UNIQUE INDEX users_email ON users (email) WHERE NOT gone;
-- migration
DROP INDEX CONCURRENTLY IF EXISTS users_email;
