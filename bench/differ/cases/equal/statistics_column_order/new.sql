CREATE TABLE trip (title text, code text, id integer PRIMARY KEY);
CREATE STATISTICS trip_stats (ndistinct) ON title, id, code FROM trip;
CREATE PUBLICATION trips FOR TABLE trip (title, id, code);
