-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, a int, b int, c int);
-- migration
CREATE INDEX CONCURRENTLY users_a ON users (a, b) INCLUDE (c);
