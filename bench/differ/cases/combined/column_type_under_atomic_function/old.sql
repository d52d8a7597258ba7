CREATE TABLE trip (id integer, seats integer);
CREATE FUNCTION big() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM trip WHERE seats > 10; END;
