-- safe
-- given
CREATE TABLE orders (id int PRIMARY KEY, customer_id int, state text);
CREATE INDEX orders_state ON orders (state);
-- migration
-- airside: transaction = off
DROP INDEX CONCURRENTLY IF EXISTS orders_state;
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_customer ON orders (customer_id);
