-- safe
-- given
CREATE TABLE other (id int PRIMARY KEY);
-- migration
CREATE TABLE users (id int PRIMARY KEY, nickname text);
ALTER TABLE users DROP COLUMN nickname;
