-- expects: unbatched-dml
-- given
CREATE TABLE users (id int PRIMARY KEY, state text);
-- migration
DO $$
DECLARE t text := 'users';
BEGIN
    EXECUTE 'UPDATE ' || t || ' SET state = ''new''';
END $$;
