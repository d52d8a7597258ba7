CREATE TABLE trip (id integer PRIMARY KEY, code text, title text);
CREATE STATISTICS trip_stats (ndistinct) ON id, code, title FROM trip;
CREATE PUBLICATION trips FOR TABLE trip (id, code, title);
