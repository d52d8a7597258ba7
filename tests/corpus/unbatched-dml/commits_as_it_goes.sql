-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, state text);
-- migration
-- airside: transaction = off
DO $$
DECLARE n int;
BEGIN
    LOOP
        UPDATE users SET state = 'new' WHERE id IN (SELECT id FROM users WHERE state IS NULL LIMIT 1000);
        GET DIAGNOSTICS n = ROW_COUNT;
        COMMIT;
        EXIT WHEN n = 0;
    END LOOP;
END $$;
