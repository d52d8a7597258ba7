CREATE TABLE trip (id integer);
CREATE VIEW open_trip WITH (security_invoker = true) AS SELECT id FROM trip;
