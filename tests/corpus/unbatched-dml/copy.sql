-- expects: unbatched-dml
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE TABLE people (id int PRIMARY KEY, name text);
-- migration
INSERT INTO people SELECT id + 1000000, name FROM users;
