-- The route of an instance is that of its flight; the search needs it beside the departure.
CREATE FUNCTION flight_instances_set_route() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT f.route_id INTO NEW.route_id FROM flights f WHERE f.id = NEW.flight_id;
    RETURN NEW;
END
$$;
