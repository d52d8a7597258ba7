-- expects: drop-table
-- given
CREATE TABLE "Legacy" (id int PRIMARY KEY);
-- migration
DO $$
DECLARE t text;
BEGIN
    FOR t IN SELECT relname FROM pg_class WHERE relname = 'Legacy' LOOP
        EXECUTE format('DROP TABLE %I', t);
    END LOOP;
END $$;
