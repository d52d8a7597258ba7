CREATE TABLE trip (id integer, seats integer);
CREATE FUNCTION big_trips() RETURNS SETOF trip LANGUAGE sql BEGIN ATOMIC SELECT id, seats FROM trip WHERE seats > 10; END;
CREATE VIEW big_trip AS SELECT id FROM big_trips();
