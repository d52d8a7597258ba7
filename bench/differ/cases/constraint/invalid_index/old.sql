CREATE TABLE trip (code text UNIQUE);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'trip_code_key'::regclass;
