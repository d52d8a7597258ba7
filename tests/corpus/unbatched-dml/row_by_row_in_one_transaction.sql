-- expects: unbatched-dml
-- given
CREATE TABLE users (id int PRIMARY KEY, state text);
-- migration
DO $$
DECLARE u record;
BEGIN
    FOR u IN SELECT id FROM users LOOP
        UPDATE users SET state = 'new' WHERE id = u.id;
    END LOOP;
END $$;
