CREATE TABLE trip (id integer);
COMMENT ON TABLE trip IS 'A trip of many days';
