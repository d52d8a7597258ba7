-- expects: drop-constraint
-- given
CREATE TABLE users (id int PRIMARY KEY, age int CONSTRAINT grown_up CHECK (age > 17));
-- migration
ALTER TABLE users DROP CONSTRAINT IF EXISTS grown_up;
