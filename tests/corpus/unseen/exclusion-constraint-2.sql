-- expects: exclusion-constraint
-- timeouts: file
-- given
CREATE SCHEMA hotel; CREATE TABLE hotel."Stay" ("stayId" int PRIMARY KEY, "span" int4range);
-- migration
SET lock_timeout = '2s';
ALTER TABLE hotel."Stay" ADD EXCLUDE USING gist ("span" WITH -|-) DEFERRABLE;
