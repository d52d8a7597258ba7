-- expects: unbatched-dml
-- given
CREATE TABLE users (id int PRIMARY KEY, state text);
-- migration
DO $$ BEGIN UPDATE users SET state = 'new' WHERE state IS NULL; END $$;
