-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, n int CHECK (n > 3));
-- migration
ALTER TABLE users ADD COLUMN note text;
