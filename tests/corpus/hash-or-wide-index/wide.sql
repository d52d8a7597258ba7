-- expects: hash-or-wide-index
-- given
CREATE TABLE users (id int PRIMARY KEY, a int, b int, c int, d int);
-- migration
CREATE INDEX CONCURRENTLY users_all ON users (a, b, c, d);
