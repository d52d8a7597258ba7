-- What instances refer to, so that their route is always the flight's.
-- airside: allow unique-without-index because flights are some thousand rows
ALTER TABLE flights ADD CONSTRAINT uq_flights_id_route UNIQUE (id, route_id);

-- airside: allow several-strong-locks because an instance without its route must never be seen: search and import stand still for this revision, which needs a maintenance window
ALTER TABLE flight_instances ADD COLUMN route_id uuid;

-- airside: allow ddl-with-backfill because an instance without its route must never be seen: search and import stand still for this revision, which needs a maintenance window
UPDATE flight_instances SET route_id = flights.route_id
FROM flights
WHERE flights.id = flight_instances.flight_id;

-- airside: allow set-not-null-scan because an instance without its route must never be seen: search and import stand still for this revision, which needs a maintenance window
ALTER TABLE flight_instances ALTER COLUMN route_id SET NOT NULL;

ALTER TABLE flight_instances DROP CONSTRAINT fk_flight_instances_flight;

-- airside: allow foreign-key-not-valid because an instance without its route must never be seen: search and import stand still for this revision, which needs a maintenance window
ALTER TABLE flight_instances ADD CONSTRAINT fk_flight_instances_flight
FOREIGN KEY (flight_id, route_id) REFERENCES flights (id, route_id) ON UPDATE CASCADE ON DELETE RESTRICT;

-- The route of an instance is that of its flight; the search needs it beside the departure.
CREATE FUNCTION flight_instances_set_route() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT f.route_id INTO NEW.route_id FROM flights f WHERE f.id = NEW.flight_id;
    RETURN NEW;
END
$$;

-- airside: allow trigger-lock because an instance without its route must never be seen: search and import stand still for this revision, which needs a maintenance window
CREATE OR REPLACE TRIGGER trg_flight_instances_route BEFORE INSERT OR UPDATE OF flight_id ON flight_instances
FOR EACH ROW EXECUTE FUNCTION flight_instances_set_route();

-- Not CONCURRENTLY: PostgreSQL refuses that on a partitioned table.
-- airside: allow hold-lock, index-not-concurrent because an instance without its route must never be seen: search and import stand still for this revision, which needs a maintenance window
CREATE INDEX idx_flight_instances_route_date ON flight_instances (route_id, departure_datetime);
