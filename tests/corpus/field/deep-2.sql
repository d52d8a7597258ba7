-- expects: type-change
-- given
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
INSERT INTO a VALUES (1);
-- migration
ALTER TABLE a ALTER COLUMN id SET DATA TYPE bigint;
