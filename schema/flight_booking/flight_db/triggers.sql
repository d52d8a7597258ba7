CREATE TRIGGER trg_flight_instances_route BEFORE INSERT OR UPDATE OF flight_id ON flight_instances
FOR EACH ROW EXECUTE FUNCTION flight_instances_set_route();
