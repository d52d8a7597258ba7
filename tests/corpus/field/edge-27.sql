-- expects: drop-default
-- given
CREATE TABLE g (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a * 2) STORED);
-- migration
ALTER TABLE g ALTER COLUMN b DROP EXPRESSION;
