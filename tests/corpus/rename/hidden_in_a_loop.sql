-- expects: rename
-- given
CREATE TABLE orders (id int PRIMARY KEY, total int);
-- migration
DO $$
DECLARE t text;
BEGIN
    FOR t IN SELECT relname FROM pg_class WHERE relname = 'orders' LOOP
        EXECUTE 'ALTER TABLE ' || t || ' RENAME TO ' || t || '_2026';
    END LOOP;
END $$;
