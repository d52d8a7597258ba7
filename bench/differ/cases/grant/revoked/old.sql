CREATE TABLE trip (id integer);
GRANT SELECT ON trip TO PUBLIC;
