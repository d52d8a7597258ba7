CREATE TABLE seat (trip_id integer NOT NULL, number integer NOT NULL, CONSTRAINT seat_pkey PRIMARY KEY (trip_id, number));
