-- expects: type-change
-- given
CREATE TABLE counters (id int PRIMARY KEY, n int);
-- migration
DO $$
DECLARE
    c record;
BEGIN
    FOR c IN SELECT table_name, column_name FROM information_schema.columns WHERE data_type = 'integer' AND table_schema = 'public' LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE bigint', c.table_name, c.column_name);
    END LOOP;
END $$;
