-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
DO $$
BEGIN
    CREATE TYPE mood AS ENUM ('good', 'bad');
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;
