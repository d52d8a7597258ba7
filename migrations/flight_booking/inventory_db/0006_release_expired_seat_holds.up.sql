-- To be called every minute: a hold that nobody paid gives its seat back.
CREATE FUNCTION release_expired_seat_holds() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    n integer;
BEGIN
    DELETE FROM seat_reservations WHERE status = 'reserved' AND expires_at < now();
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END
$$;

GRANT EXECUTE ON FUNCTION release_expired_seat_holds() TO inventory_db_app;
