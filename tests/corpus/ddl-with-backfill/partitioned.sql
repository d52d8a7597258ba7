-- expects: ddl-with-backfill
-- given
CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);
-- migration
ALTER TABLE events ADD COLUMN origin text;
UPDATE events SET origin = 'web';
