-- expects: enum-value
-- given
CREATE TYPE state AS ENUM ('new', 'paid');
CREATE TABLE orders (id int PRIMARY KEY, state state);
-- migration
ALTER TYPE state ADD VALUE 'open' BEFORE 'new';
ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'open';
