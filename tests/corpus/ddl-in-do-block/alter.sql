-- expects: ddl-in-do-block
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'note') THEN
        ALTER TABLE users ADD COLUMN note text;
    END IF;
END $$;
