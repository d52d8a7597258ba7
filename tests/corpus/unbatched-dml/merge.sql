-- expects: unbatched-dml
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE TABLE people (id int PRIMARY KEY, name text);
-- migration
MERGE INTO people USING users ON people.id = users.id WHEN MATCHED THEN UPDATE SET name = users.name;
