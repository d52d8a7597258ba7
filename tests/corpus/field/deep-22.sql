-- expects: collation-change
-- given
CREATE TABLE names (id bigint PRIMARY KEY, name varchar(20));
CREATE INDEX names_name ON names (name);
INSERT INTO names VALUES (1, 'a');
-- migration
ALTER TABLE names ALTER COLUMN name TYPE varchar(60) COLLATE "C";
