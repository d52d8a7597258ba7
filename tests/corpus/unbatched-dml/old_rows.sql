-- expects: unbatched-dml
-- given
CREATE TABLE sessions (id int PRIMARY KEY, at timestamptz);
-- migration
DELETE FROM sessions WHERE at < now() - interval '90 days';
