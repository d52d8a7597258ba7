-- expects: not-observed
-- given
CREATE FUNCTION never(n int) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE TABLE orders (id bigint PRIMARY KEY, n int NOT NULL CHECK (never(n)));
-- migration
ALTER TABLE orders ALTER COLUMN n SET DEFAULT 1;
