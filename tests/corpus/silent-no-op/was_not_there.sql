-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
CREATE TABLE IF NOT EXISTS logins (id bigint PRIMARY KEY);
ALTER TABLE users ADD COLUMN IF NOT EXISTS age int;
