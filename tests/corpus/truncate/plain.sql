-- expects: truncate
-- given
CREATE TABLE sessions (id int PRIMARY KEY);
-- migration
TRUNCATE sessions;
