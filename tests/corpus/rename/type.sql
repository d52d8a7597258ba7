-- expects: rename
-- given
CREATE TYPE state AS ENUM ('new', 'paid');
-- migration
ALTER TYPE state RENAME TO order_state;
