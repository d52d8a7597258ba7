-- expects: statement-fails
-- given
CREATE TABLE orders (id int PRIMARY KEY);
-- migration
ALTER TABLE orders ALTER COLUMN stat SET DEFAULT 1;
