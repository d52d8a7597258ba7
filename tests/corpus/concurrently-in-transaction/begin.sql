-- expects: concurrently-in-transaction
-- given
CREATE TABLE orders (id int PRIMARY KEY, customer_id int);
-- migration
BEGIN;
CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);
COMMIT;
