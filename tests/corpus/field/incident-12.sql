-- safe
-- given
CREATE TABLE sessions (id bigint PRIMARY KEY, seen timestamptz);
-- migration
DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE seen < now() - interval '30 days' ORDER BY id LIMIT 1000);
