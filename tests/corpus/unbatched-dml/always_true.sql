-- expects: unbatched-dml
-- given
CREATE TABLE users (id int PRIMARY KEY, state text);
-- migration
UPDATE users SET state = 'new' WHERE 1 = 1;
