CREATE TABLE trip (id integer, title text DEFAULT 'x');
GRANT SELECT (title) ON trip TO differ_reader;
COMMENT ON COLUMN trip.title IS 'Name';
ALTER TABLE trip ALTER title SET STATISTICS 50;
ALTER TABLE trip DROP title;
