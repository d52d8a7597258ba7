CREATE TABLE trip (tenant integer, id integer, PRIMARY KEY (tenant, id));
CREATE TABLE booking (
    tenant integer, trip_id integer,
    CONSTRAINT booking_trip FOREIGN KEY (tenant, trip_id) REFERENCES trip ON DELETE SET NULL (trip_id)
);
