CREATE SEQUENCE trip_id_seq AS integer;
CREATE TABLE trip (id integer NOT NULL DEFAULT nextval('trip_id_seq') CONSTRAINT trip_pkey PRIMARY KEY);
ALTER SEQUENCE trip_id_seq OWNED BY trip.id;
