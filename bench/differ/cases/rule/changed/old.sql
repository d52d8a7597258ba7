CREATE TABLE trip (id integer);
CREATE TABLE trip_log (id integer);
CREATE RULE keep AS ON DELETE TO trip DO ALSO INSERT INTO trip_log VALUES (OLD.id);
