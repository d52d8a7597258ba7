-- expects: unbatched-dml
-- given
CREATE TABLE sessions (id bigint PRIMARY KEY, seen timestamptz);
-- migration
DELETE FROM sessions WHERE seen < now() OR true;
