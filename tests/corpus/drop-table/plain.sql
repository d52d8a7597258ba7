-- expects: drop-table
-- given
CREATE TABLE legacy (id int PRIMARY KEY);
-- migration
DROP TABLE legacy;
