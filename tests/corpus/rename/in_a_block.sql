-- expects: rename
-- given
CREATE TABLE orders (id int PRIMARY KEY, total int);
-- migration
DO $$ BEGIN EXECUTE format('ALTER TABLE %I RENAME COLUMN total TO %I', 'orders', 'amount'); END $$;
