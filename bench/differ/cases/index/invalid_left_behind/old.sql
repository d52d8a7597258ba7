CREATE TABLE trip (title text);
CREATE INDEX trip_title_idx ON trip (title);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'trip_title_idx'::regclass;
