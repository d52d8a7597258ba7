-- expects: index-not-concurrent
-- given
CREATE TABLE docs (id int PRIMARY KEY, words tsvector);
-- migration
CREATE INDEX docs_words ON docs USING gin (words);
