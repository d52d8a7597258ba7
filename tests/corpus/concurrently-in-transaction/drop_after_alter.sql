-- expects: concurrently-in-transaction
-- given
CREATE TABLE orders (id int PRIMARY KEY, customer_id int);
CREATE INDEX orders_customer ON orders (customer_id);
-- migration
BEGIN;
ALTER TABLE orders ADD COLUMN note text;
DROP INDEX CONCURRENTLY orders_customer;
COMMIT;
