-- expects: not-observed
-- given
CREATE TABLE users (id int PRIMARY KEY, odd int CHECK (odd IS NOT NULL AND odd IS NULL));
-- migration
ALTER TABLE users ADD COLUMN note text;
