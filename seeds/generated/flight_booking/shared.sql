-- Who flies where and when, in which seat, for how much. The timetable repeats week by week: a pair of flights, there
-- and back, leaves on the same days. The seats of a departure are kept in rows. A party that begins its journey takes
-- one side of a row, a party that returns may have the other; each row of each departure is given to one party of either
-- kind, so that no seat is taken twice whoever is generated first.

-- What is flown, the most popular first: airline, aircraft, both ends with their time zones and currencies, minutes.
-- Airports, routes with these times, airlines and aircraft are those of the reference data.
CREATE TEMPORARY TABLE connection AS
SELECT *
FROM (
    VALUES
    (0::bigint, 'BA', '77W', 'LHR', 'Europe/London', 'GBP', 'JFK', 'America/New_York', 'USD', 440),
    (1, 'AA', '321', 'LAX', 'America/Los_Angeles', 'USD', 'JFK', 'America/New_York', 'USD', 330),
    (2, 'BA', '320', 'LHR', 'Europe/London', 'GBP', 'AMS', 'Europe/Amsterdam', 'EUR', 65),
    (3, 'DL', '321', 'ATL', 'America/New_York', 'USD', 'LAX', 'America/Los_Angeles', 'USD', 265),
    (4, 'LH', '321', 'FRA', 'Europe/Berlin', 'EUR', 'LHR', 'Europe/London', 'GBP', 85),
    (5, 'IB', '320', 'MAD', 'Europe/Madrid', 'EUR', 'BCN', 'Europe/Madrid', 'EUR', 75),
    (6, 'QF', '738', 'SYD', 'Australia/Sydney', 'AUD', 'MEL', 'Australia/Melbourne', 'AUD', 90),
    (7, 'EK', '388', 'DXB', 'Asia/Dubai', 'AED', 'LHR', 'Europe/London', 'GBP', 440),
    (8, 'JL', '738', 'HND', 'Asia/Tokyo', 'JPY', 'CTS', 'Asia/Tokyo', 'JPY', 95),
    (9, '6E', '32N', 'DEL', 'Asia/Kolkata', 'INR', 'BOM', 'Asia/Kolkata', 'INR', 120),
    (10, 'UA', '739', 'ORD', 'America/Chicago', 'USD', 'DEN', 'America/Denver', 'USD', 140),
    (11, 'AF', '359', 'CDG', 'Europe/Paris', 'EUR', 'JFK', 'America/New_York', 'USD', 465),
    (12, 'TK', '321', 'IST', 'Europe/Istanbul', 'TRY', 'FRA', 'Europe/Berlin', 'EUR', 170),
    (13, 'SQ', '7M8', 'SIN', 'Asia/Singapore', 'SGD', 'KUL', 'Asia/Kuala_Lumpur', 'MYR', 60),
    (14, 'G3', '7M8', 'GRU', 'America/Sao_Paulo', 'BRL', 'GIG', 'America/Sao_Paulo', 'BRL', 60),
    (15, 'CX', '333', 'HKG', 'Asia/Hong_Kong', 'HKD', 'TPE', 'Asia/Taipei', 'TWD', 95),
    (16, 'TP', '320', 'LIS', 'Europe/Lisbon', 'EUR', 'MAD', 'Europe/Madrid', 'EUR', 75),
    (17, 'AS', '7M9', 'SEA', 'America/Los_Angeles', 'USD', 'SFO', 'America/Los_Angeles', 'USD', 115),
    (18, 'EI', '320', 'DUB', 'Europe/Dublin', 'EUR', 'LHR', 'Europe/London', 'GBP', 70),
    (19, 'AZ', '320', 'FCO', 'Europe/Rome', 'EUR', 'LIN', 'Europe/Rome', 'EUR', 70),
    (20, 'LH', '32N', 'MUC', 'Europe/Berlin', 'EUR', 'BER', 'Europe/Berlin', 'EUR', 70),
    (21, 'SQ', '359', 'SIN', 'Asia/Singapore', 'SGD', 'SYD', 'Australia/Sydney', 'AUD', 495),
    (22, 'AA', '738', 'DFW', 'America/Chicago', 'USD', 'ORD', 'America/Chicago', 'USD', 130),
    (23, 'KL', '738', 'AMS', 'Europe/Amsterdam', 'EUR', 'CDG', 'Europe/Paris', 'EUR', 65),
    (24, 'QR', '351', 'DOH', 'Asia/Qatar', 'QAR', 'LHR', 'Europe/London', 'GBP', 420),
    (25, 'AC', '789', 'YYZ', 'America/Toronto', 'CAD', 'YVR', 'America/Vancouver', 'CAD', 280),
    (26, 'AM', '738', 'MEX', 'America/Mexico_City', 'MXN', 'CUN', 'America/Cancun', 'MXN', 130),
    (27, 'A3', '320', 'ATH', 'Europe/Athens', 'EUR', 'LHR', 'Europe/London', 'GBP', 215),
    (28, 'KE', '739', 'ICN', 'Asia/Seoul', 'KRW', 'NRT', 'Asia/Tokyo', 'JPY', 130),
    (29, 'IB', '359', 'MAD', 'Europe/Madrid', 'EUR', 'MEX', 'America/Mexico_City', 'MXN', 700),
    (30, 'AV', '320', 'BOG', 'America/Bogota', 'COP', 'MDE', 'America/Bogota', 'COP', 55),
    (31, 'LO', '7M8', 'WAW', 'Europe/Warsaw', 'PLN', 'LHR', 'Europe/London', 'GBP', 145),
    (32, 'FI', '7M8', 'KEF', 'Atlantic/Reykjavik', 'ISK', 'LHR', 'Europe/London', 'GBP', 175),
    (33, 'NZ', '32Q', 'AKL', 'Pacific/Auckland', 'NZD', 'SYD', 'Australia/Sydney', 'AUD', 195),
    (34, 'CA', '333', 'PEK', 'Asia/Shanghai', 'CNY', 'PVG', 'Asia/Shanghai', 'CNY', 120),
    (35, 'KQ', 'E90', 'NBO', 'Africa/Nairobi', 'KES', 'MBA', 'Africa/Nairobi', 'KES', 70),
    (36, 'LH', '359', 'FRA', 'Europe/Berlin', 'EUR', 'GRU', 'America/Sao_Paulo', 'BRL', 755),
    (37, 'QF', '789', 'LAX', 'America/Los_Angeles', 'USD', 'SYD', 'Australia/Sydney', 'AUD', 920),
    (38, 'SA', '320', 'JNB', 'Africa/Johannesburg', 'ZAR', 'CPT', 'Africa/Johannesburg', 'ZAR', 130)
) AS c (popularity, airline, aircraft, origin, zone, currency, destination, other_zone, other_currency, minutes);

-- The cabins of the aircraft, front to back: rows are counted from 0 over all cabins. `port` and `starboard` are the
-- seats at the windows up to the aisles.
CREATE TEMPORARY TABLE cabin AS
SELECT *
FROM (
    VALUES
    ('320', 'c33fd91a-0203-51b3-91e2-9debe678a64f', 'business', 0, 4, 1, 'AC', 'DF', 16),
    ('320', 'c33fd91a-0203-51b3-91e2-9debe678a64f', 'economy', 4, 25, 5, 'ABC', 'DEF', 150),
    ('321', '9f796a84-a094-5ee2-b447-46f8c28c298b', 'business', 0, 4, 1, 'AC', 'DF', 16),
    ('321', '9f796a84-a094-5ee2-b447-46f8c28c298b', 'economy', 4, 30, 5, 'ABC', 'DEF', 180),
    ('32N', 'aa793222-87f8-5fee-abe6-28eb97cb9872', 'economy', 0, 31, 1, 'ABC', 'DEF', 186),
    ('32Q', 'd2f93f7b-7723-5910-9c5a-f3cd9f9fed51', 'business', 0, 4, 1, 'AC', 'DF', 16),
    ('32Q', 'd2f93f7b-7723-5910-9c5a-f3cd9f9fed51', 'premium_economy', 4, 4, 5, 'ABC', 'DEF', 24),
    ('32Q', 'd2f93f7b-7723-5910-9c5a-f3cd9f9fed51', 'economy', 8, 28, 9, 'ABC', 'DEF', 168),
    ('333', '5ce08421-4aa5-5af4-9fbb-7ed501e2f7eb', 'business', 0, 6, 1, 'A', 'K', 24),
    ('333', '5ce08421-4aa5-5af4-9fbb-7ed501e2f7eb', 'premium_economy', 6, 3, 10, 'AC', 'HK', 21),
    ('333', '5ce08421-4aa5-5af4-9fbb-7ed501e2f7eb', 'economy', 9, 28, 20, 'AC', 'HK', 224),
    ('359', 'd1a6d9b2-70d6-5e08-adf1-089acdd5e8fe', 'business', 0, 10, 1, 'A', 'K', 40),
    ('359', 'd1a6d9b2-70d6-5e08-adf1-089acdd5e8fe', 'premium_economy', 10, 3, 14, 'AC', 'HK', 24),
    ('359', 'd1a6d9b2-70d6-5e08-adf1-089acdd5e8fe', 'economy', 13, 24, 20, 'ABC', 'GHK', 216),
    ('351', '5e08d885-6f61-5e18-8344-bcf1d8f09c5f', 'business', 0, 12, 1, 'A', 'K', 48),
    ('351', '5e08d885-6f61-5e18-8344-bcf1d8f09c5f', 'premium_economy', 12, 7, 16, 'AC', 'HK', 56),
    ('351', '5e08d885-6f61-5e18-8344-bcf1d8f09c5f', 'economy', 19, 26, 30, 'ABC', 'GHK', 234),
    ('388', '6d69d626-4f82-5443-8292-1772b27f5ec9', 'first', 0, 4, 1, 'A', 'K', 16),
    ('388', '6d69d626-4f82-5443-8292-1772b27f5ec9', 'business', 4, 19, 6, 'A', 'K', 76),
    ('388', '6d69d626-4f82-5443-8292-1772b27f5ec9', 'economy', 23, 41, 43, 'ABC', 'HJK', 410),
    ('738', '1c24a029-56e9-50a3-9963-1e4ce969d8c9', 'business', 0, 4, 1, 'AC', 'DF', 16),
    ('738', '1c24a029-56e9-50a3-9963-1e4ce969d8c9', 'economy', 4, 25, 5, 'ABC', 'DEF', 150),
    ('739', '47d4bf6c-15bb-5121-99a2-07754512576b', 'business', 0, 5, 1, 'AC', 'DF', 20),
    ('739', '47d4bf6c-15bb-5121-99a2-07754512576b', 'economy', 5, 27, 6, 'ABC', 'DEF', 162),
    ('7M8', '661cbf39-dbd4-5899-aca5-31e3bd0d5606', 'economy', 0, 31, 1, 'ABC', 'DEF', 186),
    ('7M9', '89a86038-f3e0-5a4d-b678-7d3a075ee528', 'business', 0, 4, 1, 'AC', 'DF', 16),
    ('7M9', '89a86038-f3e0-5a4d-b678-7d3a075ee528', 'premium_economy', 4, 5, 5, 'ABC', 'DEF', 30),
    ('7M9', '89a86038-f3e0-5a4d-b678-7d3a075ee528', 'economy', 9, 25, 10, 'ABC', 'DEF', 150),
    ('77W', 'e0499056-9416-502e-8d76-babe7863c8ee', 'first', 0, 2, 1, 'A', 'K', 8),
    ('77W', 'e0499056-9416-502e-8d76-babe7863c8ee', 'business', 2, 10, 5, 'A', 'K', 40),
    ('77W', 'e0499056-9416-502e-8d76-babe7863c8ee', 'premium_economy', 12, 3, 16, 'AC', 'HK', 24),
    ('77W', 'e0499056-9416-502e-8d76-babe7863c8ee', 'economy', 15, 26, 20, 'ABC', 'HJK', 260),
    ('789', '0d26b054-1912-51eb-9f54-0e4972cab002', 'business', 0, 10, 1, 'A', 'K', 40),
    ('789', '0d26b054-1912-51eb-9f54-0e4972cab002', 'premium_economy', 10, 3, 12, 'AC', 'HK', 21),
    ('789', '0d26b054-1912-51eb-9f54-0e4972cab002', 'economy', 13, 24, 20, 'ABC', 'GHK', 216),
    ('E90', '8e378994-f897-5875-879f-0aa14ef8cd35', 'economy', 0, 25, 1, 'AC', 'DF', 100)
) AS c (aircraft, aircraft_type, class, below, rows, first_row, port, starboard, seats);

CREATE FUNCTION pg_temp.users() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.scale()
$$;

CREATE FUNCTION pg_temp.bookings() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 3 * pg_temp.scale()
$$;

-- The first day of the timetable.
CREATE FUNCTION pg_temp.first_day() RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (pg_temp.since() AT TIME ZONE 'UTC')::date + 1
$$;

-- It ends four months after until().
CREATE FUNCTION pg_temp.weeks() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ceil(extract(epoch FROM pg_temp.until() - pg_temp.since()) / 604800)::bigint + 17
$$;

-- How many bookings begin their journey up to the end of each week. The farther a week is beyond until(), the fewer have
-- booked it yet.
CREATE FUNCTION pg_temp.bookings_by_week() RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH weeks AS (
        SELECT
            week,
            pg_temp.season(pg_temp.since() + make_interval(days => 4 + 7 * week))
            * exp(-0.2 * greatest(extract(epoch FROM (
                pg_temp.since() + make_interval(days => 4 + 7 * week) - pg_temp.until()
            )) / 604800, 0)) AS weight
        FROM generate_series(0, pg_temp.weeks()::int - 1) AS week
    )

    SELECT array_agg(up_to ORDER BY week)
    FROM (
        SELECT
            week,
            round(pg_temp.bookings() * sum(weight) OVER (ORDER BY week) / sum(weight) OVER ())::bigint AS up_to
        FROM weeks
    ) AS w
$$;

-- Places a week that the timetable needs. No departure is given more than 21 parties then, and no aircraft has fewer
-- than 24 rows to give away.
CREATE FUNCTION pg_temp.places_needed() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 1 + max(b - before) / 7
    FROM (
        SELECT b, lag(b, 1, 0::bigint) OVER (ORDER BY week) AS before
        FROM unnest(pg_temp.bookings_by_week()) WITH ORDINALITY AS u (b, week)
    ) AS w
$$;

-- The flights of the timetable: 2 * pair goes there, 2 * pair + 1 comes back. Popular pairs leave more often and are
-- fuller: `frequency` days a week, `layers` parties at a time. `rows` are given to parties, the last one is not.
CREATE TEMPORARY TABLE leg AS
WITH pairs AS (
    SELECT
        p.pair,
        c.*,
        least(
            pg_temp.pick('frequency', p.pair, ARRAY[7, 7, 7, 5, 5, 4, 3]), 1 + pg_temp.bookings() / 2000
        )::int AS frequency,
        CASE WHEN c.popularity < 13 THEN 3 ELSE 2 END AS layers
    FROM (
        SELECT pair, CASE WHEN pair < 39 THEN pair ELSE pg_temp.skewed('pair', pair, 39) END AS popularity
        FROM generate_series(0, greatest(8, pg_temp.places_needed() / 4)) AS pair
        OFFSET 0
    ) AS p
    INNER JOIN connection AS c ON p.popularity = c.popularity
),

wanted AS (
    SELECT
        pairs.*,
        sum(2 * frequency * layers) OVER (ORDER BY pair) - 2 * frequency * layers AS places_before
    FROM pairs
)

SELECT
    2 * w.pair + s.way AS leg,
    s.way,
    w.airline,
    w.airline || (100 + 2 * w.pair + s.way) AS flight_number,
    w.aircraft,
    w.minutes,
    w.frequency,
    w.layers,
    CASE s.way WHEN 0 THEN w.origin ELSE w.destination END AS origin,
    CASE s.way WHEN 0 THEN w.zone ELSE w.other_zone END AS zone,
    CASE s.way WHEN 0 THEN w.currency ELSE w.other_currency END AS currency,
    CASE s.way WHEN 0 THEN w.destination ELSE w.origin END AS destination,
    CASE s.way WHEN 0 THEN w.other_zone ELSE w.zone END AS destination_zone,
    time '06:00' + pg_temp.between('leaves', 2 * w.pair + s.way, 0, 190) * interval '5 minutes' AS leaves,
    (SELECT sum(rows) - 1 FROM cabin AS c WHERE c.aircraft = w.aircraft) AS rows
FROM wanted AS w
CROSS JOIN generate_series(0, 1) AS s (way)
WHERE w.pair < 8 OR w.places_before < pg_temp.places_needed();

CREATE FUNCTION pg_temp.day_of_departure(leg bigint, turn int, frequency int) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ((turn * 7 + pg_temp.between('shift', leg / 2, 0, 6)) / frequency)::int
$$;

-- The departures of a week, and the day on which each leaves, 0 to 6 after the week's first. There and back leave on the
-- same days; `turn` counts the departures of a flight in the week.
CREATE TEMPORARY TABLE weekly AS
SELECT
    row_number() OVER (ORDER BY l.leg, t.turn) - 1 AS place,
    l.leg,
    t.turn,
    pg_temp.day_of_departure(l.leg, t.turn, l.frequency) AS day
FROM leg AS l
CROSS JOIN LATERAL generate_series(0, l.frequency - 1) AS t (turn);

CREATE TEMPORARY TABLE layer AS
SELECT
    row_number() OVER (ORDER BY w.place, k.layer) - 1 AS number,
    w.leg,
    w.turn,
    k.layer
FROM weekly AS w
INNER JOIN leg AS l ON w.leg = l.leg
CROSS JOIN LATERAL generate_series(0, l.layers - 1) AS k (layer);

ANALYZE connection;
ANALYZE cabin;
ANALYZE leg;
ANALYZE weekly;
ANALYZE layer;

CREATE FUNCTION pg_temp.departures_a_week() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL RESTRICTED AS $$
    SELECT count(*) FROM pg_temp.weekly
$$;

CREATE FUNCTION pg_temp.layers_a_week() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL RESTRICTED AS $$
    SELECT count(*) FROM pg_temp.layer
$$;

CREATE FUNCTION pg_temp.departures() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL RESTRICTED AS $$
    SELECT pg_temp.weeks() * pg_temp.departures_a_week()
$$;

-- Timetables change on the last Sundays of March and October, when Europe sets its clocks. They are numbered: twice the
-- year, and one more for that of the winter.
CREATE FUNCTION pg_temp.change_of_timetable(timetable int) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT d - extract(dow FROM d)::int
    FROM make_date(timetable / 2, CASE mod(timetable, 2) WHEN 0 THEN 3 ELSE 10 END, 31) AS d
$$;

CREATE FUNCTION pg_temp.timetable(day date) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 2 * extract(year FROM day)::int + CASE
        WHEN day < pg_temp.change_of_timetable(2 * extract(year FROM day)::int) THEN -1
        WHEN day < pg_temp.change_of_timetable(2 * extract(year FROM day)::int + 1) THEN 0
        ELSE 1
    END
$$;

CREATE FUNCTION pg_temp.first_timetable() RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.timetable(pg_temp.first_day())
$$;

CREATE FUNCTION pg_temp.timetables() RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.timetable(pg_temp.first_day() + 7 * pg_temp.weeks()::int) - pg_temp.first_timetable() + 1
$$;

-- Flights of the master schedule: one for each leg and timetable.
CREATE FUNCTION pg_temp.flights() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL RESTRICTED AS $$
    SELECT pg_temp.timetables() * (SELECT count(*) FROM pg_temp.leg)
$$;

CREATE FUNCTION pg_temp.flight(leg bigint, timetable int) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT leg * pg_temp.timetables() + timetable - pg_temp.first_timetable()
$$;

CREATE FUNCTION pg_temp.grounded(departure bigint, departs timestamp with time zone) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT pg_temp.chance('grounded', departure, 0.006) AND departs - interval '2 hours' < pg_temp.until()
$$;

-- The facts of departures lo to hi - 1. `grounded`: the airline cancelled it two hours before.
CREATE FUNCTION pg_temp.departure_facts(lo bigint, hi bigint) RETURNS TABLE (
    n bigint, leg bigint, aircraft text, minutes int, currency text, flight bigint, departs timestamp with time zone,
    arrives timestamp with time zone, delay int, grounded boolean
)
LANGUAGE sql STABLE AS $$
    SELECT
        d.n,
        d.leg,
        d.aircraft,
        d.minutes,
        d.currency,
        pg_temp.flight(d.leg, pg_temp.timetable(d.day)),
        d.departs,
        d.departs + make_interval(mins => d.minutes),
        CASE
            WHEN d.departs < pg_temp.until() + interval '6 hours' AND pg_temp.chance('late', d.n, 0.24)
                THEN (5 + pg_temp.skewed('delay', d.n, 230))::int
            ELSE 0
        END,
        pg_temp.grounded(d.n, d.departs)
    FROM (
        SELECT
            s.n,
            l.leg,
            l.aircraft,
            l.minutes,
            l.currency,
            t.day,
            timezone(l.zone, t.day + l.leaves) AS departs
        FROM (
            SELECT n, n / pg_temp.departures_a_week() AS week, mod(n, pg_temp.departures_a_week()) AS place
            FROM pg_temp.numbers(lo, hi) AS n
            OFFSET 0
        ) AS s
        INNER JOIN pg_temp.weekly AS w ON s.place = w.place
        INNER JOIN pg_temp.leg AS l ON w.leg = l.leg
        CROSS JOIN LATERAL (SELECT pg_temp.first_day() + 7 * s.week::int + w.day AS day OFFSET 0) AS t
        OFFSET 0
    ) AS d
$$;

-- How much of a currency one gets for a dollar, roughly.
CREATE FUNCTION pg_temp.rate(currency text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE currency
        WHEN 'EUR' THEN 0.92 WHEN 'GBP' THEN 0.79 WHEN 'AED' THEN 3.67 WHEN 'AUD' THEN 1.52 WHEN 'BRL' THEN 5.4
        WHEN 'CAD' THEN 1.37 WHEN 'CNY' THEN 7.2 WHEN 'COP' THEN 4100 WHEN 'HKD' THEN 7.8 WHEN 'INR' THEN 84
        WHEN 'ISK' THEN 138 WHEN 'JPY' THEN 150 WHEN 'KES' THEN 129 WHEN 'KRW' THEN 1370 WHEN 'MXN' THEN 19
        WHEN 'MYR' THEN 4.4 WHEN 'NZD' THEN 1.68 WHEN 'PLN' THEN 3.95 WHEN 'QAR' THEN 3.64 WHEN 'SGD' THEN 1.33
        WHEN 'TRY' THEN 34 WHEN 'TWD' THEN 32 WHEN 'ZAR' THEN 18 ELSE 1
    END
$$;

-- What a seat costs before season and demand.
CREATE FUNCTION pg_temp.base_price(minutes int, class text, currency text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT round(
        (32 + 0.6 * minutes) * pg_temp.rate(currency)
        * CASE class WHEN 'economy' THEN 1 WHEN 'premium_economy' THEN 1.8 WHEN 'business' THEN 3.6 ELSE 6.5 END,
        2
    )
$$;

-- Users join one after the other, as many before the span as in it.
CREATE FUNCTION pg_temp.joined(n bigint) RETURNS timestamp with time zone
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT date_trunc(
        'second',
        pg_temp.since() + (pg_temp.until() - pg_temp.since()) * (2 * n::double precision / pg_temp.users() - 1)
    )
$$;

-- How many users there are at a time from since() on.
CREATE FUNCTION pg_temp.users_at(at timestamp with time zone) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT greatest(ceil(
        pg_temp.users() * (
            1 + extract(epoch FROM at - pg_temp.since()) / extract(epoch FROM pg_temp.until() - pg_temp.since())
        ) / 2
    )::bigint, 1)
$$;

-- One of the first `count` users: those who joined first travel up to ten times as often as others.
CREATE FUNCTION pg_temp.traveller(n bigint, count bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT floor(count * pg_temp.unit('traveller', n) * (0.1 + 0.9 * pg_temp.unit('traveller', n)))::bigint
$$;

CREATE FUNCTION pg_temp.email(person bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 'flyer' || person || '@mail.example'
$$;

-- User 0 is an administrator, the next ones are agents: one in two hundred.
CREATE FUNCTION pg_temp.agents() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT least(pg_temp.users() - 1, 1 + pg_temp.users() / 200)
$$;

-- Passenger 0 is an adult, the one beyond the seats an infant.
CREATE FUNCTION pg_temp.passenger_type(booking bigint, place int, seats int) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN place = seats THEN 'infant'
        WHEN place > 0 AND pg_temp.chance('child', booking * 4 + place, 0.22) THEN 'child'
        ELSE 'adult'
    END
$$;

-- What a passenger pays, in fares of an adult.
CREATE FUNCTION pg_temp.fares(booking bigint, place int, seats int, infant boolean) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN place > seats OR (place = seats AND NOT infant) THEN 0
        ELSE CASE pg_temp.passenger_type(booking, place, seats) WHEN 'adult' THEN 1 WHEN 'child' THEN 0.75 ELSE 0.1 END
    END
$$;

-- The seat of a passenger: window first.
CREATE FUNCTION pg_temp.seat_letter(port text, starboard text, side int, place int) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE side WHEN 0 THEN substr(port, place + 1, 1) ELSE substr(starboard, length(starboard) - place, 1) END
$$;

-- The facts of bookings lo to hi - 1. What ends in 1 is the flight there, what ends in 2 the flight back: NULL for those
-- who do not come back. `seats` are taken, an `infant` has none. `verdict` is why a booking was cancelled, or its
-- status; `ended` is when.
CREATE FUNCTION pg_temp.facts(lo bigint, hi bigint) RETURNS TABLE (
    n bigint, person bigint, aircraft text, class text, seat_row int, port text, starboard text, seats int,
    infant boolean, departure1 bigint, origin text, destination text, departs1 timestamp with time zone,
    arrives1 timestamp with time zone, side1 int, price1 numeric, departure2 bigint,
    departs2 timestamp with time zone, arrives2 timestamp with time zone, side2 int, price2 numeric,
    grounded2 boolean, total numeric, currency text, created timestamp with time zone, verdict text,
    ended timestamp with time zone, refund numeric
)
LANGUAGE sql STABLE AS $$
    WITH placed AS MATERIALIZED (
        SELECT
            k.n,
            k.week,
            l.leg,
            l.turn,
            (k.rest / pg_temp.layers_a_week()) * g.layers + l.layer AS party,
            g.aircraft, g.minutes, g.frequency, g.rows, g.currency, g.leaves,
            g.origin, g.zone, g.destination, g.destination_zone,
            k.week * g.frequency + l.turn AS round
        FROM (
            SELECT
                w.n,
                w.week,
                w.n - coalesce((pg_temp.bookings_by_week())[w.week], 0) AS rest
            FROM (
                SELECT s.n, width_bucket(s.n, pg_temp.bookings_by_week()) AS week
                FROM pg_temp.numbers(lo, hi) AS s (n)
                OFFSET 0
            ) AS w
            OFFSET 0
        ) AS k
        INNER JOIN pg_temp.layer AS l ON mod(k.rest, pg_temp.layers_a_week()) = l.number
        INNER JOIN pg_temp.leg AS g ON l.leg = g.leg
    ),

    -- A row of the aircraft for each party of a departure. How long a party stays depends on flight and row alone: from
    -- one departure to the next whoever has the row comes back on one that nobody else with this row comes back on.
    seated AS MATERIALIZED (
        SELECT
            p.*,
            c.class,
            (c.first_row + r.seat_row - c.below)::int AS seat_row,
            c.port,
            c.starboard,
            r.seat_row AS row_given,
            mod(p.round + r.seat_row, 2)::int AS side1,
            w.place,
            w.day,
            p.round + (3 * p.frequency + 6) / 7 + mod(
                pg_temp.hash('stay', p.leg * 100 + r.seat_row), 2 * p.frequency + 1
            ) AS round2
        FROM placed AS p
        CROSS JOIN LATERAL (SELECT mod(p.party * 13 + p.round * 7, p.rows) AS seat_row OFFSET 0) AS r
        INNER JOIN pg_temp.cabin AS c
            ON p.aircraft = c.aircraft AND r.seat_row >= c.below AND r.seat_row < c.below + c.rows
        INNER JOIN pg_temp.weekly AS w ON p.leg = w.leg AND p.turn = w.turn
    ),

    timed AS MATERIALIZED (
        SELECT
            s.*,
            s.week * pg_temp.departures_a_week() + s.place AS departure1,
            timezone(s.zone, pg_temp.first_day() + 7 * s.week + s.day + s.leaves) AS departs1,
            s.round2 / s.frequency * pg_temp.departures_a_week() + b.place AS departure2,
            timezone(
                s.destination_zone, pg_temp.first_day() + 7 * (s.round2 / s.frequency)::int + b.day + g.leaves
            ) AS departs2,
            mod(1 + s.round2 + s.row_given, 2)::int AS side2,
            pg_temp.unit('fate', s.n) AS fate,
            least(pg_temp.pick('seats', s.n, ARRAY[1, 1, 1, 2, 2, 2, 3]), length(s.port)) AS seats
        FROM seated AS s
        LEFT JOIN pg_temp.weekly AS b
            ON
                s.leg + 1 - 2 * mod(s.leg, 2) = b.leg
                AND mod(s.round2, s.frequency) = b.turn
                AND s.round2 < pg_temp.weeks() * s.frequency
                AND pg_temp.chance('returns', s.n, 0.72)
        LEFT JOIN pg_temp.leg AS g ON b.leg = g.leg
    ),

    booked AS MATERIALIZED (
        SELECT
            t.*,
            t.departs1 + make_interval(mins => t.minutes) AS arrives1,
            t.departs2 + make_interval(mins => t.minutes) AS arrives2,
            t.seats > 1 AND pg_temp.chance('infant', t.n, 0.06) AS infant,
            -- a month ahead on average, three hours at least; a flight of the future has been booked by now
            date_trunc('second', t.departs1 - make_interval(secs => 3600 * (
                l.least_hours
                - 720 * ln(1 - pg_temp.unit('ahead', t.n) * (1 - exp((l.least_hours - l.hours_since) / 720)))
            ))) AS created
        FROM timed AS t
        CROSS JOIN LATERAL (
            SELECT
                greatest(
                    3, extract(epoch FROM t.departs1 - pg_temp.until()) / 3600 + 0.1
                )::double precision AS least_hours,
                (extract(epoch FROM t.departs1 - pg_temp.since()) / 3600)::double precision AS hours_since
            OFFSET 0
        ) AS l
    ),

    judged AS MATERIALIZED (
        SELECT
            b.*,
            pg_temp.traveller(b.n, pg_temp.users_at(b.created)) AS person,
            coalesce(pg_temp.grounded(b.departure2, b.departs2), FALSE) AS grounded2,
            CASE
                WHEN b.created > pg_temp.until() - interval '1 day' AND b.fate > 0.7 THEN 'pending'
                WHEN b.fate < 0.025 THEN 'unpaid'
                WHEN b.fate < 0.1 THEN 'changed_mind'
                WHEN pg_temp.grounded(b.departure1, b.departs1) THEN 'grounded'
                WHEN coalesce(b.arrives2, b.arrives1) < pg_temp.until() THEN 'completed'
                ELSE 'confirmed'
            END AS verdict,
            -- dearer in season, and dearer late
            (1.4 - 0.55 * least(extract(epoch FROM b.departs1 - b.created) / 5184000, 1))
            * (0.92 + 0.16 * pg_temp.unit('price', b.n))::numeric AS demand,
            1 + pg_temp.fares(b.n, 1, b.seats, b.infant) + pg_temp.fares(b.n, 2, b.seats, b.infant)
            + pg_temp.fares(b.n, 3, b.seats, b.infant) AS fares
        FROM booked AS b
    ),

    priced AS MATERIALIZED (
        SELECT
            j.*,
            round(b.base * pg_temp.season(j.departs1)::numeric * j.demand * j.fares, 2) AS price1,
            round(b.base * pg_temp.season(j.departs2)::numeric * j.demand * j.fares, 2) AS price2,
            CASE
                WHEN j.verdict = 'unpaid' THEN least(j.created + interval '30 minutes', pg_temp.until())
                WHEN j.verdict = 'changed_mind'
                    THEN pg_temp.moment(
                        'ended', j.n, j.created + interval '2 minutes', least(j.departs1, pg_temp.until())
                    )
                WHEN j.verdict = 'grounded' THEN j.departs1 - interval '2 hours'
            END AS ended
        FROM judged AS j
        CROSS JOIN LATERAL (SELECT pg_temp.base_price(j.minutes, j.class, j.currency) AS base OFFSET 0) AS b
    )

    SELECT
        p.n, p.person, p.aircraft, p.class, p.seat_row, p.port, p.starboard, p.seats, p.infant,
        p.departure1, p.origin, p.destination, p.departs1, p.arrives1, p.side1, p.price1,
        p.departure2, p.departs2, p.arrives2, p.side2, p.price2, p.grounded2,
        p.price1 + coalesce(p.price2, 0),
        p.currency, p.created, p.verdict, p.ended,
        CASE
            WHEN p.verdict = 'grounded' THEN p.price1 + coalesce(p.price2, 0)
            WHEN p.verdict = 'changed_mind' AND p.ended < p.created + interval '1 day'
                THEN p.price1 + coalesce(p.price2, 0)
            -- fares of the cheapest kind are lost
            WHEN p.verdict = 'changed_mind' AND p.fate < 0.085 THEN round((p.price1 + coalesce(p.price2, 0)) * 0.8, 2)
            WHEN p.verdict IN ('confirmed', 'completed') AND p.grounded2 THEN p.price2
        END
    FROM priced AS p
$$;

CREATE FUNCTION pg_temp.payment_type(method bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.pick('payment type', method, ARRAY[
        'credit_card', 'credit_card', 'credit_card', 'credit_card', 'debit_card', 'debit_card', 'paypal', 'paypal',
        'bank_transfer'
    ])
$$;

CREATE FUNCTION pg_temp.has_second_method(person bigint) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.chance('second method', person, 0.4)
$$;

-- When money goes back: when the booking ended, or when the airline cancelled the flight back.
CREATE FUNCTION pg_temp.refunded_at(
    ended timestamp with time zone, departs2 timestamp with time zone
) RETURNS timestamp with time zone
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT least(coalesce(ended, departs2 - interval '2 hours') + interval '10 seconds', pg_temp.until())
$$;
