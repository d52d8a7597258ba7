-- Erases a person from this database, which knows bookings but not users.
CREATE FUNCTION anonymize_booking_seats(booking_ids uuid[]) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    n integer;
BEGIN
    UPDATE seat_reservations SET passenger_name = NULL WHERE booking_id = ANY (booking_ids);
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END
$$;

GRANT EXECUTE ON FUNCTION anonymize_booking_seats(uuid[]) TO inventory_db_app;
