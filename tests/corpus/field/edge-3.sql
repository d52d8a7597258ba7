-- expects: serial-or-generated-column
-- versions: 17-
-- given
CREATE TABLE g (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a * 2) STORED);
INSERT INTO g VALUES (1, 1);
-- migration
ALTER TABLE g ALTER COLUMN b SET EXPRESSION AS (a * 3);
