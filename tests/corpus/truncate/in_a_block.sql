-- expects: truncate
-- given
CREATE SCHEMA app;
CREATE TABLE app."Sessions" (id int PRIMARY KEY);
-- migration
DO $$ BEGIN TRUNCATE app."Sessions"; END $$;
