-- The trips of a person stay, here and in the archive, those who travelled go; returns how many bookings. The audit log
-- is never rewritten: its writers leave personal values out. Bookings come first: that keeps the archiver away.
CREATE FUNCTION anonymize_user_bookings(p_user uuid) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    n integer;
    archived integer;
BEGIN
    UPDATE bookings
    SET contact_email = 'deleted@anonymized.invalid',
        contact_phone = '',
        cancellation_reason = NULL,
        user_deleted = true
    WHERE user_id = p_user;
    GET DIAGNOSTICS n = ROW_COUNT;
    UPDATE booking_passengers
    SET title = NULL,
        first_name = 'DELETED',
        middle_name = NULL,
        last_name = 'PASSENGER',
        date_of_birth = '1900-01-01',
        gender = NULL,
        nationality = NULL,
        passport_number = NULL,
        passport_country = NULL,
        passport_expiry_date = NULL,
        frequent_flyer_airline = NULL,
        frequent_flyer_number = NULL,
        ticket_number = NULL
    WHERE booking_id IN (SELECT id FROM bookings WHERE user_id = p_user);
    UPDATE booking_ancillaries SET description = 'DELETED'
    WHERE booking_id IN (SELECT id FROM bookings WHERE user_id = p_user);
    UPDATE bookings_archive
    SET contact_email = 'deleted@anonymized.invalid',
        contact_phone = '',
        cancellation_reason = NULL,
        user_deleted = true
    WHERE user_id = p_user;
    GET DIAGNOSTICS archived = ROW_COUNT;
    UPDATE booking_passengers_archive
    SET title = NULL,
        first_name = 'DELETED',
        middle_name = NULL,
        last_name = 'PASSENGER',
        date_of_birth = '1900-01-01',
        gender = NULL,
        nationality = NULL,
        passport_number = NULL,
        passport_country = NULL,
        passport_expiry_date = NULL,
        frequent_flyer_airline = NULL,
        frequent_flyer_number = NULL,
        ticket_number = NULL
    WHERE booking_id IN (SELECT id FROM bookings_archive WHERE user_id = p_user);
    UPDATE booking_ancillaries_archive SET description = 'DELETED'
    WHERE booking_id IN (SELECT id FROM bookings_archive WHERE user_id = p_user);
    RETURN n + archived;
END
$$;

GRANT EXECUTE ON FUNCTION anonymize_user_bookings(uuid) TO booking_service_db_app;
