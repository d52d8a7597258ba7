CREATE TABLE trip (id integer CONSTRAINT trip_pkey PRIMARY KEY, title text);
CREATE VIEW trip_group AS SELECT id, title, count(*) AS n FROM trip GROUP BY id;
