-- safe
-- timeouts: file
-- given
CREATE TABLE ping (id bigint PRIMARY KEY, at timestamp(3), bits varbit(8), net cidr);
-- migration
SET lock_timeout = '2s';
ALTER TABLE ping ALTER COLUMN bits TYPE varbit(16), ALTER COLUMN at TYPE timestamp(6), ALTER COLUMN net TYPE inet;
