CREATE TABLE letter (id integer, body text COMPRESSION pglz NOT NULL DEFAULT 'x');
ALTER TABLE letter ALTER body SET STORAGE EXTERNAL, ALTER body SET STATISTICS 300, ALTER body SET (n_distinct = 7);
CREATE INDEX letter_body_idx ON letter ((body || 'x')) WHERE body <> '';
ALTER INDEX letter_body_idx ALTER COLUMN 1 SET STATISTICS 200;
COMMENT ON COLUMN letter.body IS 'Text';
COMMENT ON INDEX letter_body_idx IS 'By text';
GRANT SELECT (body) ON letter TO differ_reader;
