-- expects: type-change
-- given
CREATE TABLE counters (id int PRIMARY KEY, n int);
-- migration
DO $$
BEGIN
    ALTER TABLE counters ALTER COLUMN n TYPE bigint;
END $$;
