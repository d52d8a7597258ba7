-- expects: type-change
-- timeouts: file
-- given
CREATE TABLE doc (id bigint PRIMARY KEY, body json, kind text, ref varchar(36), state int);
-- migration
SET lock_timeout = '2s';
ALTER TABLE doc ALTER COLUMN body TYPE jsonb USING body::jsonb;
