-- expects: drop-constraint
-- given
CREATE TABLE users (id int PRIMARY KEY, email text, CONSTRAINT users_email UNIQUE (email));
-- migration
DO $$
DECLARE c record;
BEGIN
    FOR c IN SELECT conname FROM pg_constraint WHERE conrelid = 'users'::regclass AND contype = 'u' LOOP
        EXECUTE 'ALTER TABLE users DROP CONSTRAINT ' || quote_ident(c.conname);
    END LOOP;
END $$;
