-- expects: ddl-with-backfill
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
-- migration
ALTER TABLE users ADD COLUMN state text;
DO $$
DECLARE u record;
BEGIN
    FOR u IN SELECT id FROM users LOOP
        UPDATE users SET state = 'new' WHERE users.name IS NOT NULL;
    END LOOP;
END $$;
