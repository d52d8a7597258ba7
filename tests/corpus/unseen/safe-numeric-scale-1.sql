-- safe
-- timeouts: file
-- given
CREATE TABLE px (id int PRIMARY KEY, p numeric(8,3), s varchar(5), b bit varying(3), ts timestamptz(0));
-- migration
SET lock_timeout = 5000;
ALTER TABLE px ALTER COLUMN p TYPE numeric(12,3), ALTER COLUMN s TYPE varchar(50), ALTER COLUMN ts TYPE timestamptz;
