-- Rendered from the declaration: what is locked is copied, counted and deleted; what somebody works on is left alone.

CREATE OR REPLACE FUNCTION public.archive_old_bookings(cutoff timestamp with time zone DEFAULT (now() - '2 years'::interval), batch_size integer DEFAULT 1000)
 RETURNS integer
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
#variable_conflict use_column
<<run>>
DECLARE
    bookings_id uuid[];
    bookings_departure_datetime timestamp with time zone[];
    booking_flights_id uuid[];
    booking_flights_row_ctid tid[];
    booking_flights_of bigint[];
    booking_passengers_id uuid[];
    booking_passengers_row_ctid tid[];
    booking_passengers_of bigint[];
    booking_ancillaries_id uuid[];
    booking_ancillaries_row_ctid tid[];
    booking_ancillaries_of bigint[];
    busy bigint[] := '{}';
    locked integer[];
    n integer;
    more integer;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('archive_old_bookings')) THEN
        RETURN 0;
    END IF;
    -- What is locked here stays as it is; what somebody else works on is left for the next run.
    SELECT array_agg(s.id), array_agg(s.departure_datetime) INTO run.bookings_id, run.bookings_departure_datetime
    FROM (
        SELECT id, departure_datetime FROM bookings
        WHERE departure_datetime < archive_old_bookings.cutoff AND created_at < archive_old_bookings.cutoff AND (status IN ('COMPLETED', 'CANCELLED', 'FAILED', 'REFUNDED'))
        ORDER BY departure_datetime
        LIMIT archive_old_bookings.batch_size
        FOR UPDATE SKIP LOCKED
    ) AS s;
    IF run.bookings_id IS NULL THEN
        RETURN 0;
    END IF;
    SELECT array_agg(s.id), array_agg(s.row_ctid), array_agg(s.of_root) INTO run.booking_flights_id, run.booking_flights_row_ctid, run.booking_flights_of
    FROM (
        SELECT t.id, t.ctid AS row_ctid, b.of_root
        FROM unnest(run.bookings_id, run.bookings_departure_datetime) WITH ORDINALITY AS b (id, departure_datetime, of_root)
        INNER JOIN booking_flights AS t ON t.booking_id = b.id
        FOR UPDATE OF t SKIP LOCKED
    ) AS s;
    run.busy := run.busy || ARRAY(
        SELECT s.of_root FROM (
            SELECT t.id, b.of_root
            FROM unnest(run.bookings_id, run.bookings_departure_datetime) WITH ORDINALITY AS b (id, departure_datetime, of_root)
            INNER JOIN booking_flights AS t ON t.booking_id = b.id
            EXCEPT
            SELECT * FROM unnest(run.booking_flights_id, run.booking_flights_of)
        ) AS s
    );
    SELECT array_agg(s.id), array_agg(s.row_ctid), array_agg(s.of_root) INTO run.booking_passengers_id, run.booking_passengers_row_ctid, run.booking_passengers_of
    FROM (
        SELECT t.id, t.ctid AS row_ctid, b.of_root
        FROM unnest(run.bookings_id, run.bookings_departure_datetime) WITH ORDINALITY AS b (id, departure_datetime, of_root)
        INNER JOIN booking_passengers AS t ON t.booking_id = b.id
        FOR UPDATE OF t SKIP LOCKED
    ) AS s;
    run.busy := run.busy || ARRAY(
        SELECT s.of_root FROM (
            SELECT t.id, b.of_root
            FROM unnest(run.bookings_id, run.bookings_departure_datetime) WITH ORDINALITY AS b (id, departure_datetime, of_root)
            INNER JOIN booking_passengers AS t ON t.booking_id = b.id
            EXCEPT
            SELECT * FROM unnest(run.booking_passengers_id, run.booking_passengers_of)
        ) AS s
    );
    SELECT array_agg(s.id), array_agg(s.row_ctid), array_agg(s.of_root) INTO run.booking_ancillaries_id, run.booking_ancillaries_row_ctid, run.booking_ancillaries_of
    FROM (
        SELECT t.id, t.ctid AS row_ctid, b.of_root
        FROM unnest(run.bookings_id, run.bookings_departure_datetime) WITH ORDINALITY AS b (id, departure_datetime, of_root)
        INNER JOIN booking_ancillaries AS t ON t.booking_id = b.id
        FOR UPDATE OF t SKIP LOCKED
    ) AS s;
    run.busy := run.busy || ARRAY(
        SELECT s.of_root FROM (
            SELECT t.id, b.of_root
            FROM unnest(run.bookings_id, run.bookings_departure_datetime) WITH ORDINALITY AS b (id, departure_datetime, of_root)
            INNER JOIN booking_ancillaries AS t ON t.booking_id = b.id
            EXCEPT
            SELECT * FROM unnest(run.booking_ancillaries_id, run.booking_ancillaries_of)
        ) AS s
    );
    -- A row with a child that somebody works on is left as well, with all of its children.
    IF cardinality(run.busy) > 0 THEN
        SELECT array_agg(b.id), array_agg(b.row_ctid), array_agg(b.of_root) INTO run.booking_flights_id, run.booking_flights_row_ctid, run.booking_flights_of
        FROM unnest(run.booking_flights_id, run.booking_flights_row_ctid, run.booking_flights_of) AS b (id, row_ctid, of_root)
        WHERE b.of_root <> ALL (run.busy);
        SELECT array_agg(b.id), array_agg(b.row_ctid), array_agg(b.of_root) INTO run.booking_passengers_id, run.booking_passengers_row_ctid, run.booking_passengers_of
        FROM unnest(run.booking_passengers_id, run.booking_passengers_row_ctid, run.booking_passengers_of) AS b (id, row_ctid, of_root)
        WHERE b.of_root <> ALL (run.busy);
        SELECT array_agg(b.id), array_agg(b.row_ctid), array_agg(b.of_root) INTO run.booking_ancillaries_id, run.booking_ancillaries_row_ctid, run.booking_ancillaries_of
        FROM unnest(run.booking_ancillaries_id, run.booking_ancillaries_row_ctid, run.booking_ancillaries_of) AS b (id, row_ctid, of_root)
        WHERE b.of_root <> ALL (run.busy);
        SELECT array_agg(b.id), array_agg(b.departure_datetime) INTO run.bookings_id, run.bookings_departure_datetime
        FROM unnest(run.bookings_id, run.bookings_departure_datetime) WITH ORDINALITY AS b (id, departure_datetime, of_root)
        WHERE b.of_root <> ALL (run.busy);
        IF run.bookings_id IS NULL THEN
            RETURN 0;
        END IF;
    END IF;
    run.locked[1] := (SELECT count(*) FROM unnest(run.bookings_id, run.bookings_departure_datetime) AS b (id, departure_datetime));
    run.locked[2] := (SELECT count(*) FROM unnest(run.booking_flights_id) AS b (id));
    run.locked[3] := (SELECT count(*) FROM unnest(run.booking_passengers_id) AS b (id));
    run.locked[4] := (SELECT count(*) FROM unnest(run.booking_ancillaries_id) AS b (id));
    INSERT INTO bookings_archive (
        id, booking_reference, pnr, user_id, gds_provider, gds_booking_id, origin_airport, destination_airport,
        departure_datetime, arrival_datetime, flight_type, base_fare, taxes, fees, total_amount, currency, status,
        payment_status, payment_id, ticketed, ticket_issued_at, ticket_time_limit, contact_email, contact_phone,
        created_at, updated_at, confirmed_at, cancelled_at, cancellation_reason, user_deleted
    )
    SELECT
        t.id, t.booking_reference, t.pnr, t.user_id, t.gds_provider, t.gds_booking_id, t.origin_airport,
        t.destination_airport, t.departure_datetime, t.arrival_datetime, t.flight_type, t.base_fare, t.taxes,
        t.fees, t.total_amount, t.currency, t.status, t.payment_status, t.payment_id, t.ticketed,
        t.ticket_issued_at, t.ticket_time_limit, t.contact_email, t.contact_phone, t.created_at, t.updated_at,
        t.confirmed_at, t.cancelled_at, t.cancellation_reason, t.user_deleted
    FROM unnest(run.bookings_id, run.bookings_departure_datetime) AS b (id, departure_datetime)
    INNER JOIN bookings AS t ON t.id = b.id AND t.departure_datetime = b.departure_datetime;
    GET DIAGNOSTICS run.n = ROW_COUNT;
    IF run.n <> run.locked[1] THEN
        RAISE EXCEPTION '% rows of bookings locked and % copied',
            run.locked[1], run.n USING ERRCODE = 'data_exception';
    END IF;
    INSERT INTO booking_flights_archive (
        id, booking_id, segment_number, airline_code, airline_name, flight_number, aircraft_type, aircraft_code,
        departure_airport, departure_terminal, departure_datetime, arrival_airport, arrival_terminal,
        arrival_datetime, cabin_class, booking_class, flight_duration_minutes, baggage_allowance, status,
        created_at, updated_at, booking_departure_datetime
    )
    SELECT
        t.id, t.booking_id, t.segment_number, t.airline_code, t.airline_name, t.flight_number, t.aircraft_type,
        t.aircraft_code, t.departure_airport, t.departure_terminal, t.departure_datetime, t.arrival_airport,
        t.arrival_terminal, t.arrival_datetime, t.cabin_class, t.booking_class, t.flight_duration_minutes,
        t.baggage_allowance, t.status, t.created_at, t.updated_at, t.booking_departure_datetime
    FROM booking_flights AS t WHERE t.ctid = ANY (run.booking_flights_row_ctid);
    GET DIAGNOSTICS run.n = ROW_COUNT;
    IF run.n <> run.locked[2] THEN
        RAISE EXCEPTION '% rows of booking_flights locked and % copied',
            run.locked[2], run.n USING ERRCODE = 'data_exception';
    END IF;
    INSERT INTO booking_passengers_archive (
        id, booking_id, passenger_type, title, first_name, middle_name, last_name, date_of_birth, gender,
        nationality, passport_number, passport_country, passport_expiry_date, frequent_flyer_airline,
        frequent_flyer_number, ticket_number, ticket_status, created_at, updated_at, booking_departure_datetime
    )
    SELECT
        t.id, t.booking_id, t.passenger_type, t.title, t.first_name, t.middle_name, t.last_name, t.date_of_birth,
        t.gender, t.nationality, t.passport_number, t.passport_country, t.passport_expiry_date,
        t.frequent_flyer_airline, t.frequent_flyer_number, t.ticket_number, t.ticket_status, t.created_at,
        t.updated_at, t.booking_departure_datetime
    FROM booking_passengers AS t WHERE t.ctid = ANY (run.booking_passengers_row_ctid);
    GET DIAGNOSTICS run.n = ROW_COUNT;
    IF run.n <> run.locked[3] THEN
        RAISE EXCEPTION '% rows of booking_passengers locked and % copied',
            run.locked[3], run.n USING ERRCODE = 'data_exception';
    END IF;
    INSERT INTO booking_ancillaries_archive (
        id, booking_id, passenger_id, flight_id, ancillary_type, description, quantity, price, currency, status,
        created_at, updated_at, booking_departure_datetime
    )
    SELECT
        t.id, t.booking_id, t.passenger_id, t.flight_id, t.ancillary_type, t.description, t.quantity, t.price,
        t.currency, t.status, t.created_at, t.updated_at, t.booking_departure_datetime
    FROM booking_ancillaries AS t WHERE t.ctid = ANY (run.booking_ancillaries_row_ctid);
    GET DIAGNOSTICS run.n = ROW_COUNT;
    IF run.n <> run.locked[4] THEN
        RAISE EXCEPTION '% rows of booking_ancillaries locked and % copied',
            run.locked[4], run.n USING ERRCODE = 'data_exception';
    END IF;
    -- Nothing is deleted that was not copied, and nothing by a foreign key: children come first.
    DELETE FROM booking_ancillaries AS t WHERE t.ctid = ANY (run.booking_ancillaries_row_ctid);
    GET DIAGNOSTICS run.n = ROW_COUNT;
    IF run.n < run.locked[4] THEN
        -- a trigger wrote to rows when others were deleted, which gave them another place
        DELETE FROM booking_ancillaries AS t USING unnest(run.booking_ancillaries_id) AS b (id)
        WHERE t.id = b.id;
        GET DIAGNOSTICS run.more = ROW_COUNT;
        run.n := run.n + run.more;
    END IF;
    IF run.n <> run.locked[4] THEN
        RAISE EXCEPTION '% rows of booking_ancillaries locked and % deleted',
            run.locked[4], run.n USING ERRCODE = 'data_exception';
    END IF;
    DELETE FROM booking_passengers AS t WHERE t.ctid = ANY (run.booking_passengers_row_ctid);
    GET DIAGNOSTICS run.n = ROW_COUNT;
    IF run.n < run.locked[3] THEN
        -- a trigger wrote to rows when others were deleted, which gave them another place
        DELETE FROM booking_passengers AS t USING unnest(run.booking_passengers_id) AS b (id)
        WHERE t.id = b.id;
        GET DIAGNOSTICS run.more = ROW_COUNT;
        run.n := run.n + run.more;
    END IF;
    IF run.n <> run.locked[3] THEN
        RAISE EXCEPTION '% rows of booking_passengers locked and % deleted',
            run.locked[3], run.n USING ERRCODE = 'data_exception';
    END IF;
    DELETE FROM booking_flights AS t WHERE t.ctid = ANY (run.booking_flights_row_ctid);
    GET DIAGNOSTICS run.n = ROW_COUNT;
    IF run.n < run.locked[2] THEN
        -- a trigger wrote to rows when others were deleted, which gave them another place
        DELETE FROM booking_flights AS t USING unnest(run.booking_flights_id) AS b (id)
        WHERE t.id = b.id;
        GET DIAGNOSTICS run.more = ROW_COUNT;
        run.n := run.n + run.more;
    END IF;
    IF run.n <> run.locked[2] THEN
        RAISE EXCEPTION '% rows of booking_flights locked and % deleted',
            run.locked[2], run.n USING ERRCODE = 'data_exception';
    END IF;
    DELETE FROM bookings AS t USING unnest(run.bookings_id, run.bookings_departure_datetime) AS b (id, departure_datetime)
    WHERE t.id = b.id AND t.departure_datetime = b.departure_datetime;
    GET DIAGNOSTICS run.n = ROW_COUNT;
    IF run.n <> run.locked[1] THEN
        RAISE EXCEPTION '% rows of bookings locked and % deleted',
            run.locked[1], run.n USING ERRCODE = 'data_exception';
    END IF;
    UPDATE booking_registry AS t SET archived_at = now()
    FROM unnest(run.bookings_id) AS b (id)
    WHERE t.booking_id = b.id;
    RETURN cardinality(run.bookings_id);
END
$function$;
