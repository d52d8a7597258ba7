-- expects: statement-fails
-- given
CREATE TABLE orders (id int PRIMARY KEY, code varchar(10));
-- migration
BEGIN;
DO $$ BEGIN UPDATE orders SET code = 'x' WHERE id = 1; COMMIT; END $$;
COMMIT;
