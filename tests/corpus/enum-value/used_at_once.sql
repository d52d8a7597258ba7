-- expects: enum-value
-- given
CREATE TYPE state AS ENUM ('new', 'paid');
CREATE TABLE orders (id int PRIMARY KEY, state state);
-- migration
ALTER TYPE state ADD VALUE 'refunded';
UPDATE orders SET state = 'refunded' WHERE id = 1;
