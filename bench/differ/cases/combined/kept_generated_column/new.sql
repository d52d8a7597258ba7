CREATE TABLE line (price integer, total integer GENERATED ALWAYS AS (price * 3) STORED NOT NULL UNIQUE);
COMMENT ON COLUMN line.total IS 'Twice';
COMMENT ON CONSTRAINT line_total_key ON line IS 'Once';
GRANT SELECT (total) ON line TO differ_reader;
ALTER TABLE line ALTER total SET STATISTICS 200;
CREATE TABLE payment (total integer REFERENCES line (total));
CREATE VIEW line_total AS SELECT total FROM line;
