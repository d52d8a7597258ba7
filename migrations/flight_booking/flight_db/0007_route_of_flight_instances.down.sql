DROP INDEX idx_flight_instances_route_date;

DROP TRIGGER trg_flight_instances_route ON flight_instances;

DROP FUNCTION flight_instances_set_route();

ALTER TABLE flight_instances DROP CONSTRAINT fk_flight_instances_flight;

ALTER TABLE flight_instances ADD CONSTRAINT fk_flight_instances_flight
FOREIGN KEY (flight_id) REFERENCES flights (id) ON DELETE RESTRICT;

-- Nothing is lost with the values: they are those of flights.
-- airside: data-loss column public.flight_instances.route_id
ALTER TABLE flight_instances DROP COLUMN route_id;

ALTER TABLE flights DROP CONSTRAINT uq_flights_id_route;
