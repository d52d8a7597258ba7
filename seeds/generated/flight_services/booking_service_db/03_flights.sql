-- airside: per booking
INSERT INTO booking_flights (
    id, booking_id, segment_number, airline_code, airline_name, flight_number, aircraft_type, aircraft_code,
    departure_airport, departure_terminal, departure_datetime, arrival_airport, arrival_terminal, arrival_datetime,
    cabin_class, booking_class, flight_duration_minutes, baggage_allowance, status, created_at, updated_at,
    booking_departure_datetime
)
SELECT
    pg_temp.id('flight', s.n * 2 + s.k),
    pg_temp.id('booking', s.n),
    s.k + 1,
    pg_temp.airline(s.airline),
    pg_temp.airline_name(s.airline),
    -- the same on a route at all times
    pg_temp.airline(s.airline) || pg_temp.between('flight number', s.leaves * 40 + s.reaches, 10, 999),
    CASE WHEN s.lasts > 300 THEN 'Boeing 787-9' WHEN s.lasts > 120 THEN 'Airbus A321neo' ELSE 'Airbus A320neo' END,
    CASE WHEN s.lasts > 300 THEN '789' WHEN s.lasts > 120 THEN '32Q' ELSE '32N' END,
    pg_temp.airport(s.leaves),
    (1 + mod(s.airline + s.leaves, 5))::text,
    s.departs_at,
    pg_temp.airport(s.reaches),
    (1 + mod(s.airline + s.reaches, 5))::text,
    s.departs_at + s.lasts * interval '1 minute',
    s.cabin,
    CASE s.cabin
        WHEN 'ECONOMY' THEN pg_temp.pick('booking class', s.n, ARRAY['Y', 'B', 'M', 'H', 'Q'])
        WHEN 'PREMIUM_ECONOMY' THEN 'W' WHEN 'BUSINESS' THEN 'J' ELSE 'F'
    END,
    s.lasts,
    jsonb_build_object(
        'checked', CASE WHEN s.cabin = 'ECONOMY' THEN 1 ELSE 2 END, 'kg', CASE WHEN s.cabin = 'ECONOMY' THEN 23 ELSE 32 END
    ),
    CASE
        WHEN s.status IN ('CANCELLED', 'REFUNDED', 'FAILED') THEN 'CANCELLED'
        WHEN s.departs_at + s.lasts * interval '1 minute' <= pg_temp.until() THEN 'ARRIVED'
        WHEN s.departs_at <= pg_temp.until() THEN 'DEPARTED'
        WHEN s.status = 'CHECKED_IN' AND s.k = 0 THEN 'CHECKED_IN'
        ELSE 'CONFIRMED'
    END,
    s.created_at,
    greatest(s.created_at, s.confirmed_at, s.cancelled_at, least(s.departs_at, s.checked_in_at)),
    s.departs
FROM (
    SELECT
        f.*,
        k,
        CASE WHEN k = 0 THEN f.origin ELSE f.destination END AS leaves,
        CASE WHEN k = 0 THEN f.destination ELSE f.onward END AS reaches,
        CASE WHEN k = 0 THEN f.departs ELSE f.onward_departs END AS departs_at,
        CASE WHEN k = 0 THEN f.minutes ELSE f.onward_minutes END AS lasts
    FROM pg_temp.booking_facts(%(lo)s, %(hi)s) AS f
    CROSS JOIN LATERAL generate_series(0, f.segments - 1) AS k
    OFFSET 0
) AS s;
