CREATE TABLE trip (id integer CONSTRAINT pk_trip PRIMARY KEY, title text);
CREATE VIEW trip_group AS SELECT id, title, count(*) AS n FROM trip GROUP BY id;
