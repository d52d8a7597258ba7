-- safe
-- given
CREATE TYPE state AS ENUM ('new', 'paid');
CREATE TABLE orders (id int PRIMARY KEY, state state);
-- migration
ALTER TYPE state ADD VALUE IF NOT EXISTS 'refunded' AFTER 'paid';
