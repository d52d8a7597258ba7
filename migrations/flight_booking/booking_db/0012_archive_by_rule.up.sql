-- Rendered from the declaration: what is locked is copied, counted and deleted; what somebody works on is left alone.

CREATE OR REPLACE FUNCTION public.archive_old_bookings(cutoff timestamp with time zone DEFAULT (now() - '7 years'::interval), batch_size integer DEFAULT 1000)
 RETURNS integer
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
#variable_conflict use_column
<<run>>
DECLARE
    bookings_id uuid[];
    bookings_created_at timestamp with time zone[];
    booking_segments_id uuid[];
    booking_segments_row_ctid tid[];
    booking_segments_of bigint[];
    passengers_id uuid[];
    passengers_row_ctid tid[];
    passengers_of bigint[];
    passenger_segments_id uuid[];
    passenger_segments_row_ctid tid[];
    passenger_segments_of bigint[];
    busy bigint[] := '{}';
    locked integer[];
    n integer;
    more integer;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('archive_old_bookings')) THEN
        RETURN 0;
    END IF;
    -- What is locked here stays as it is; what somebody else works on is left for the next run.
    SELECT array_agg(s.id), array_agg(s.created_at) INTO run.bookings_id, run.bookings_created_at
    FROM (
        SELECT id, created_at FROM bookings
        WHERE created_at < archive_old_bookings.cutoff
        ORDER BY created_at
        LIMIT archive_old_bookings.batch_size
        FOR UPDATE SKIP LOCKED
    ) AS s;
    IF run.bookings_id IS NULL THEN
        RETURN 0;
    END IF;
    SELECT array_agg(s.id), array_agg(s.row_ctid), array_agg(s.of_root) INTO run.booking_segments_id, run.booking_segments_row_ctid, run.booking_segments_of
    FROM (
        SELECT t.id, t.ctid AS row_ctid, b.of_root
        FROM unnest(run.bookings_id, run.bookings_created_at) WITH ORDINALITY AS b (id, created_at, of_root)
        INNER JOIN booking_segments AS t ON t.booking_id = b.id
        FOR UPDATE OF t SKIP LOCKED
    ) AS s;
    run.busy := run.busy || ARRAY(
        SELECT s.of_root FROM (
            SELECT t.id, b.of_root
            FROM unnest(run.bookings_id, run.bookings_created_at) WITH ORDINALITY AS b (id, created_at, of_root)
            INNER JOIN booking_segments AS t ON t.booking_id = b.id
            EXCEPT
            SELECT * FROM unnest(run.booking_segments_id, run.booking_segments_of)
        ) AS s
    );
    SELECT array_agg(s.id), array_agg(s.row_ctid), array_agg(s.of_root) INTO run.passengers_id, run.passengers_row_ctid, run.passengers_of
    FROM (
        SELECT t.id, t.ctid AS row_ctid, b.of_root
        FROM unnest(run.bookings_id, run.bookings_created_at) WITH ORDINALITY AS b (id, created_at, of_root)
        INNER JOIN passengers AS t ON t.booking_id = b.id
        FOR UPDATE OF t SKIP LOCKED
    ) AS s;
    run.busy := run.busy || ARRAY(
        SELECT s.of_root FROM (
            SELECT t.id, b.of_root
            FROM unnest(run.bookings_id, run.bookings_created_at) WITH ORDINALITY AS b (id, created_at, of_root)
            INNER JOIN passengers AS t ON t.booking_id = b.id
            EXCEPT
            SELECT * FROM unnest(run.passengers_id, run.passengers_of)
        ) AS s
    );
    SELECT array_agg(s.id), array_agg(s.row_ctid), array_agg(s.of_root) INTO run.passenger_segments_id, run.passenger_segments_row_ctid, run.passenger_segments_of
    FROM (
        SELECT t.id, t.ctid AS row_ctid, hanging.of_root FROM (
            SELECT t.id, b.of_root
            FROM unnest(run.passengers_id, run.passengers_row_ctid, run.passengers_of) AS b (id, row_ctid, of_root)
            INNER JOIN passenger_segments AS t ON t.passenger_id = b.id
            UNION
            SELECT t.id, b.of_root
            FROM unnest(run.booking_segments_id, run.booking_segments_row_ctid, run.booking_segments_of) AS b (id, row_ctid, of_root)
            INNER JOIN passenger_segments AS t ON t.booking_segment_id = b.id
        ) AS hanging INNER JOIN passenger_segments AS t ON t.id = hanging.id
        FOR UPDATE OF t SKIP LOCKED
    ) AS s;
    run.busy := run.busy || ARRAY(
        SELECT s.of_root FROM (
            SELECT t.id, b.of_root
            FROM unnest(run.passengers_id, run.passengers_row_ctid, run.passengers_of) AS b (id, row_ctid, of_root)
            INNER JOIN passenger_segments AS t ON t.passenger_id = b.id
            UNION
            SELECT t.id, b.of_root
            FROM unnest(run.booking_segments_id, run.booking_segments_row_ctid, run.booking_segments_of) AS b (id, row_ctid, of_root)
            INNER JOIN passenger_segments AS t ON t.booking_segment_id = b.id
            EXCEPT
            SELECT * FROM unnest(run.passenger_segments_id, run.passenger_segments_of)
        ) AS s
    );
    -- A row with a child that somebody works on is left as well, with all of its children.
    IF cardinality(run.busy) > 0 THEN
        SELECT array_agg(b.id), array_agg(b.row_ctid), array_agg(b.of_root) INTO run.booking_segments_id, run.booking_segments_row_ctid, run.booking_segments_of
        FROM unnest(run.booking_segments_id, run.booking_segments_row_ctid, run.booking_segments_of) AS b (id, row_ctid, of_root)
        WHERE b.of_root <> ALL (run.busy);
        SELECT array_agg(b.id), array_agg(b.row_ctid), array_agg(b.of_root) INTO run.passengers_id, run.passengers_row_ctid, run.passengers_of
        FROM unnest(run.passengers_id, run.passengers_row_ctid, run.passengers_of) AS b (id, row_ctid, of_root)
        WHERE b.of_root <> ALL (run.busy);
        SELECT array_agg(b.id), array_agg(b.row_ctid), array_agg(b.of_root) INTO run.passenger_segments_id, run.passenger_segments_row_ctid, run.passenger_segments_of
        FROM unnest(run.passenger_segments_id, run.passenger_segments_row_ctid, run.passenger_segments_of) AS b (id, row_ctid, of_root)
        WHERE b.of_root <> ALL (run.busy);
        SELECT array_agg(b.id), array_agg(b.created_at) INTO run.bookings_id, run.bookings_created_at
        FROM unnest(run.bookings_id, run.bookings_created_at) WITH ORDINALITY AS b (id, created_at, of_root)
        WHERE b.of_root <> ALL (run.busy);
        IF run.bookings_id IS NULL THEN
            RETURN 0;
        END IF;
    END IF;
    run.locked[1] := (SELECT count(*) FROM unnest(run.bookings_id, run.bookings_created_at) AS b (id, created_at));
    run.locked[2] := (SELECT count(*) FROM unnest(run.booking_segments_id) AS b (id));
    run.locked[3] := (SELECT count(*) FROM unnest(run.passengers_id) AS b (id));
    run.locked[4] := (SELECT count(*) FROM (SELECT DISTINCT * FROM unnest(run.passenger_segments_id) AS b (id)) AS b);
    INSERT INTO bookings_archive (
        id, user_id, booking_reference, status, total_amount, currency, payment_status, booking_source,
        contact_email, contact_phone, special_requests, created_at, updated_at, expires_at
    )
    SELECT
        t.id, t.user_id, t.booking_reference, t.status, t.total_amount, t.currency, t.payment_status,
        t.booking_source, t.contact_email, t.contact_phone, t.special_requests, t.created_at, t.updated_at,
        t.expires_at
    FROM unnest(run.bookings_id, run.bookings_created_at) AS b (id, created_at)
    INNER JOIN bookings AS t ON t.id = b.id AND t.created_at = b.created_at;
    GET DIAGNOSTICS run.n = ROW_COUNT;
    IF run.n <> run.locked[1] THEN
        RAISE EXCEPTION '% rows of bookings locked and % copied',
            run.locked[1], run.n USING ERRCODE = 'data_exception';
    END IF;
    INSERT INTO booking_segments_archive (
        id, booking_id, flight_instance_id, segment_order, departure_airport, arrival_airport, departure_datetime,
        arrival_datetime, class, fare_basis, price, currency, baggage_allowance, status, created_at,
        booking_created_at
    )
    SELECT
        t.id, t.booking_id, t.flight_instance_id, t.segment_order, t.departure_airport, t.arrival_airport,
        t.departure_datetime, t.arrival_datetime, t.class, t.fare_basis, t.price, t.currency, t.baggage_allowance,
        t.status, t.created_at, t.booking_created_at
    FROM booking_segments AS t WHERE t.ctid = ANY (run.booking_segments_row_ctid);
    GET DIAGNOSTICS run.n = ROW_COUNT;
    IF run.n <> run.locked[2] THEN
        RAISE EXCEPTION '% rows of booking_segments locked and % copied',
            run.locked[2], run.n USING ERRCODE = 'data_exception';
    END IF;
    INSERT INTO passengers_archive (
        id, booking_id, passenger_type, title, first_name, last_name, date_of_birth, gender, nationality,
        passport_number, passport_expiry, passport_country, known_traveler_number, seat_preference, meal_preference,
        special_needs, frequent_flyer_number, created_at, booking_created_at
    )
    SELECT
        t.id, t.booking_id, t.passenger_type, t.title, t.first_name, t.last_name, t.date_of_birth, t.gender,
        t.nationality, t.passport_number, t.passport_expiry, t.passport_country, t.known_traveler_number,
        t.seat_preference, t.meal_preference, t.special_needs, t.frequent_flyer_number, t.created_at,
        t.booking_created_at
    FROM passengers AS t WHERE t.ctid = ANY (run.passengers_row_ctid);
    GET DIAGNOSTICS run.n = ROW_COUNT;
    IF run.n <> run.locked[3] THEN
        RAISE EXCEPTION '% rows of passengers locked and % copied',
            run.locked[3], run.n USING ERRCODE = 'data_exception';
    END IF;
    INSERT INTO passenger_segments_archive (
        id, passenger_id, booking_segment_id, seat_number, boarding_pass_issued, check_in_time, boarding_group,
        gate, created_at
    )
    SELECT
        t.id, t.passenger_id, t.booking_segment_id, t.seat_number, t.boarding_pass_issued, t.check_in_time,
        t.boarding_group, t.gate, t.created_at
    FROM passenger_segments AS t WHERE t.ctid = ANY (run.passenger_segments_row_ctid);
    GET DIAGNOSTICS run.n = ROW_COUNT;
    IF run.n <> run.locked[4] THEN
        RAISE EXCEPTION '% rows of passenger_segments locked and % copied',
            run.locked[4], run.n USING ERRCODE = 'data_exception';
    END IF;
    -- Nothing is deleted that was not copied, and nothing by a foreign key: children come first.
    DELETE FROM passenger_segments AS t WHERE t.ctid = ANY (run.passenger_segments_row_ctid);
    GET DIAGNOSTICS run.n = ROW_COUNT;
    IF run.n < run.locked[4] THEN
        -- a trigger wrote to rows when others were deleted, which gave them another place
        DELETE FROM passenger_segments AS t USING (SELECT DISTINCT * FROM unnest(run.passenger_segments_id) AS b (id)) AS b
        WHERE t.id = b.id;
        GET DIAGNOSTICS run.more = ROW_COUNT;
        run.n := run.n + run.more;
    END IF;
    IF run.n <> run.locked[4] THEN
        RAISE EXCEPTION '% rows of passenger_segments locked and % deleted',
            run.locked[4], run.n USING ERRCODE = 'data_exception';
    END IF;
    DELETE FROM passengers AS t WHERE t.ctid = ANY (run.passengers_row_ctid);
    GET DIAGNOSTICS run.n = ROW_COUNT;
    IF run.n < run.locked[3] THEN
        -- a trigger wrote to rows when others were deleted, which gave them another place
        DELETE FROM passengers AS t USING unnest(run.passengers_id) AS b (id)
        WHERE t.id = b.id;
        GET DIAGNOSTICS run.more = ROW_COUNT;
        run.n := run.n + run.more;
    END IF;
    IF run.n <> run.locked[3] THEN
        RAISE EXCEPTION '% rows of passengers locked and % deleted',
            run.locked[3], run.n USING ERRCODE = 'data_exception';
    END IF;
    DELETE FROM booking_segments AS t WHERE t.ctid = ANY (run.booking_segments_row_ctid);
    GET DIAGNOSTICS run.n = ROW_COUNT;
    IF run.n < run.locked[2] THEN
        -- a trigger wrote to rows when others were deleted, which gave them another place
        DELETE FROM booking_segments AS t USING unnest(run.booking_segments_id) AS b (id)
        WHERE t.id = b.id;
        GET DIAGNOSTICS run.more = ROW_COUNT;
        run.n := run.n + run.more;
    END IF;
    IF run.n <> run.locked[2] THEN
        RAISE EXCEPTION '% rows of booking_segments locked and % deleted',
            run.locked[2], run.n USING ERRCODE = 'data_exception';
    END IF;
    DELETE FROM bookings AS t USING unnest(run.bookings_id, run.bookings_created_at) AS b (id, created_at)
    WHERE t.id = b.id AND t.created_at = b.created_at;
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
