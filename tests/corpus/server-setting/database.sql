-- expects: server-setting
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone TO ''UTC''', current_database()); END $$;
