-- expects: drop-column
-- given
CREATE TABLE users (id int PRIMARY KEY, age text);
-- migration
ALTER TABLE users DROP COLUMN age;
ALTER TABLE users ADD COLUMN age int;
