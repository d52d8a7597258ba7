-- expects: index-not-concurrent
-- given
CREATE TABLE searches (id bigint NOT NULL, at timestamptz NOT NULL, origin text) PARTITION BY RANGE (at);
-- migration
CREATE INDEX searches_origin ON searches (origin);
CREATE INDEX searches_at ON searches (at);
