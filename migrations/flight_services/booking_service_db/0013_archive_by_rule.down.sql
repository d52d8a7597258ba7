-- Undo: archive by rule

CREATE OR REPLACE FUNCTION public.archive_old_bookings(cutoff timestamp with time zone DEFAULT (now() - '2 years'::interval), batch_size integer DEFAULT 1000)
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
        SELECT id FROM bookings
        WHERE status IN ('COMPLETED', 'CANCELLED', 'FAILED', 'REFUNDED')
            AND departure_datetime < cutoff
            AND created_at < cutoff
        ORDER BY departure_datetime
        LIMIT batch_size
        FOR UPDATE SKIP LOCKED
    ) s;
    IF ids IS NULL THEN
        RETURN 0;
    END IF;
    INSERT INTO bookings_archive (
        id, booking_reference, pnr, user_id, gds_provider, gds_booking_id, origin_airport, destination_airport,
        departure_datetime, arrival_datetime, flight_type, base_fare, taxes, fees, total_amount, currency, status,
        payment_status, payment_id, ticketed, ticket_issued_at, ticket_time_limit, contact_email, contact_phone,
        created_at, updated_at, confirmed_at, cancelled_at, cancellation_reason, user_deleted
    )
    SELECT
        id, booking_reference, pnr, user_id, gds_provider, gds_booking_id, origin_airport, destination_airport,
        departure_datetime, arrival_datetime, flight_type, base_fare, taxes, fees, total_amount, currency, status,
        payment_status, payment_id, ticketed, ticket_issued_at, ticket_time_limit, contact_email, contact_phone,
        created_at, updated_at, confirmed_at, cancelled_at, cancellation_reason, user_deleted
    FROM bookings WHERE id = ANY (ids);
    GET DIAGNOSTICS n = ROW_COUNT;
    WITH m AS (
        DELETE FROM booking_ancillaries WHERE booking_id = ANY (ids) RETURNING *
    )
    INSERT INTO booking_ancillaries_archive (
        id, booking_id, passenger_id, flight_id, ancillary_type, description, quantity, price, currency, status,
        created_at, updated_at, booking_departure_datetime
    )
    SELECT
        id, booking_id, passenger_id, flight_id, ancillary_type, description, quantity, price, currency, status,
        created_at, updated_at, booking_departure_datetime
    FROM m;
    WITH m AS (
        DELETE FROM booking_passengers WHERE booking_id = ANY (ids) RETURNING *
    )
    INSERT INTO booking_passengers_archive (
        id, booking_id, passenger_type, title, first_name, middle_name, last_name, date_of_birth, gender,
        nationality, passport_number, passport_country, passport_expiry_date, frequent_flyer_airline,
        frequent_flyer_number, ticket_number, ticket_status, created_at, updated_at, booking_departure_datetime
    )
    SELECT
        id, booking_id, passenger_type, title, first_name, middle_name, last_name, date_of_birth, gender,
        nationality, passport_number, passport_country, passport_expiry_date, frequent_flyer_airline,
        frequent_flyer_number, ticket_number, ticket_status, created_at, updated_at, booking_departure_datetime
    FROM m;
    WITH m AS (
        DELETE FROM booking_flights WHERE booking_id = ANY (ids) RETURNING *
    )
    INSERT INTO booking_flights_archive (
        id, booking_id, segment_number, airline_code, airline_name, flight_number, aircraft_type, aircraft_code,
        departure_airport, departure_terminal, departure_datetime, arrival_airport, arrival_terminal,
        arrival_datetime, cabin_class, booking_class, flight_duration_minutes, baggage_allowance, status,
        created_at, updated_at, booking_departure_datetime
    )
    SELECT
        id, booking_id, segment_number, airline_code, airline_name, flight_number, aircraft_type, aircraft_code,
        departure_airport, departure_terminal, departure_datetime, arrival_airport, arrival_terminal,
        arrival_datetime, cabin_class, booking_class, flight_duration_minutes, baggage_allowance, status,
        created_at, updated_at, booking_departure_datetime
    FROM m;
    DELETE FROM bookings WHERE id = ANY (ids);
    UPDATE booking_registry SET archived_at = now() WHERE booking_id = ANY (ids);
    RETURN n;
END
$function$;
