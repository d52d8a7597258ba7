-- safe
-- given
CREATE TABLE orders (id int PRIMARY KEY, customer_id int);
-- migration
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_customer ON orders (customer_id);
