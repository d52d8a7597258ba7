-- Undo: archive by rule

CREATE OR REPLACE FUNCTION public.archive_old_bookings(cutoff timestamp with time zone DEFAULT (now() - '7 years'::interval), batch_size integer DEFAULT 1000)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
DECLARE
    ids uuid[];
    n integer;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('archive_old_bookings')) THEN
        RETURN 0;
    END IF;
    SELECT array_agg(s.id) INTO ids
    FROM (
        SELECT id FROM bookings WHERE created_at < cutoff ORDER BY created_at LIMIT batch_size FOR UPDATE SKIP LOCKED
    ) s;
    IF ids IS NULL THEN
        RETURN 0;
    END IF;
    -- Nobody may give these passengers another seat now: ON DELETE CASCADE would take it away unarchived.
    PERFORM FROM passengers WHERE booking_id = ANY (ids) FOR UPDATE;
    PERFORM FROM booking_segments WHERE booking_id = ANY (ids) FOR UPDATE;
    WITH moved AS (
        DELETE FROM passenger_segments
        WHERE passenger_id IN (SELECT id FROM passengers WHERE booking_id = ANY (ids))
            OR booking_segment_id IN (SELECT id FROM booking_segments WHERE booking_id = ANY (ids))
        RETURNING *
    )
    INSERT INTO passenger_segments_archive (
        id, passenger_id, booking_segment_id, seat_number, boarding_pass_issued, check_in_time, boarding_group,
        gate, created_at
    )
    SELECT
        id, passenger_id, booking_segment_id, seat_number, boarding_pass_issued, check_in_time, boarding_group,
        gate, created_at
    FROM moved;
    INSERT INTO bookings_archive (
        id, user_id, booking_reference, status, total_amount, currency, payment_status, booking_source,
        contact_email, contact_phone, special_requests, created_at, updated_at, expires_at
    )
    SELECT
        id, user_id, booking_reference, status, total_amount, currency, payment_status, booking_source,
        contact_email, contact_phone, special_requests, created_at, updated_at, expires_at
    FROM bookings
    WHERE id = ANY (ids);
    GET DIAGNOSTICS n = ROW_COUNT;
    WITH moved AS (
        DELETE FROM booking_segments WHERE booking_id = ANY (ids) RETURNING *
    )
    INSERT INTO booking_segments_archive (
        id, booking_id, flight_instance_id, segment_order, departure_airport, arrival_airport,
        departure_datetime, arrival_datetime, class, fare_basis, price, currency, baggage_allowance, status,
        created_at, booking_created_at
    )
    SELECT
        id, booking_id, flight_instance_id, segment_order, departure_airport, arrival_airport,
        departure_datetime, arrival_datetime, class, fare_basis, price, currency, baggage_allowance, status,
        created_at, booking_created_at
    FROM moved;
    WITH moved AS (
        DELETE FROM passengers WHERE booking_id = ANY (ids) RETURNING *
    )
    INSERT INTO passengers_archive (
        id, booking_id, passenger_type, title, first_name, last_name, date_of_birth, gender, nationality,
        passport_number, passport_expiry, passport_country, known_traveler_number, seat_preference,
        meal_preference, special_needs, frequent_flyer_number, created_at, booking_created_at
    )
    SELECT
        id, booking_id, passenger_type, title, first_name, last_name, date_of_birth, gender, nationality,
        passport_number, passport_expiry, passport_country, known_traveler_number, seat_preference,
        meal_preference, special_needs, frequent_flyer_number, created_at, booking_created_at
    FROM moved;
    DELETE FROM bookings WHERE id = ANY (ids);
    UPDATE booking_registry SET archived_at = now() WHERE booking_id = ANY (ids);
    RETURN n;
END
$function$;
