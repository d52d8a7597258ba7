-- Erases a person from this database, also from what is archived. The history is written without personal values.
CREATE FUNCTION anonymize_user_bookings(user_uuid uuid) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    n integer;
BEGIN
    UPDATE passengers
    SET title = NULL,
        first_name = 'DELETED',
        last_name = 'PASSENGER',
        date_of_birth = NULL,
        gender = NULL,
        nationality = NULL,
        passport_number = NULL,
        passport_expiry = NULL,
        passport_country = NULL,
        known_traveler_number = NULL,
        seat_preference = NULL,
        meal_preference = NULL,
        special_needs = NULL,
        frequent_flyer_number = NULL
    WHERE booking_id IN (SELECT id FROM bookings WHERE user_id = user_uuid);
    UPDATE passengers_archive
    SET title = NULL,
        first_name = 'DELETED',
        last_name = 'PASSENGER',
        date_of_birth = NULL,
        gender = NULL,
        nationality = NULL,
        passport_number = NULL,
        passport_expiry = NULL,
        passport_country = NULL,
        known_traveler_number = NULL,
        seat_preference = NULL,
        meal_preference = NULL,
        special_needs = NULL,
        frequent_flyer_number = NULL
    WHERE booking_id IN (SELECT id FROM bookings_archive WHERE user_id = user_uuid);
    UPDATE bookings_archive
    SET contact_email = 'deleted@anonymized.invalid', contact_phone = NULL, special_requests = NULL
    WHERE user_id = user_uuid;
    UPDATE bookings
    SET contact_email = 'deleted@anonymized.invalid', contact_phone = NULL, special_requests = NULL
    WHERE user_id = user_uuid;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END
$$;

GRANT EXECUTE ON FUNCTION anonymize_user_bookings(uuid) TO booking_db_app;
