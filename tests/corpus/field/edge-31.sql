-- expects: drop-table
-- given
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);
-- migration
DROP TABLE a CASCADE;
