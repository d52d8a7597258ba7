CREATE TABLE trip (id integer);
CREATE TABLE trip_log (id integer);
CREATE RULE keep AS ON DELETE TO trip WHERE OLD.id > 10 DO ALSO INSERT INTO trip_log VALUES (OLD.id);
