-- expects: concurrently-in-transaction
-- given
CREATE TABLE orders (id int PRIMARY KEY, customer_id int);
-- migration
BEGIN;
VACUUM orders;
COMMIT;
