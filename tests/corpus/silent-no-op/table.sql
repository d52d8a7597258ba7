-- expects: silent-no-op
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, name text);
