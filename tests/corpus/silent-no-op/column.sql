-- expects: silent-no-op
-- given
CREATE TABLE users (id int PRIMARY KEY, age text);
-- migration
ALTER TABLE users ADD COLUMN IF NOT EXISTS age int;
