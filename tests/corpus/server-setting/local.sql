-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
SET LOCAL search_path TO public;
ALTER TABLE users ADD COLUMN note text;
