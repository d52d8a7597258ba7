CREATE TABLE trip (id integer) WITH (fillfactor = 70, autovacuum_enabled = false);
