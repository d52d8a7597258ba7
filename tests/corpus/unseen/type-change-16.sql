-- expects: type-change
-- timeouts: file
-- given
CREATE TABLE member (id int PRIMARY KEY, code varchar(10) CHECK (code IS NULL OR length(code) >= 0));
-- migration
SET lock_timeout = '2s';
ALTER TABLE member ALTER COLUMN code TYPE text;
