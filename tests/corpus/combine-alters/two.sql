-- expects: combine-alters
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
ALTER TABLE users ADD COLUMN note text;
ALTER TABLE users ADD COLUMN state text;
