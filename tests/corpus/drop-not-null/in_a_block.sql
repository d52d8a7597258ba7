-- expects: drop-not-null
-- given
CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL);
-- migration
DO $$
DECLARE c text := 'email';
BEGIN
    EXECUTE format('ALTER TABLE users ALTER COLUMN %I DROP NOT NULL', c);
END $$;
