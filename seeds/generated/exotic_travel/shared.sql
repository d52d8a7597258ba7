-- Who goes where and when. The span is cut into stays of ten days. A destination is booked once for each of them at
-- most, and no trip is longer: no two bookings overlap. The more popular destinations, which have the lower numbers, are
-- booked first, so that they are hardly ever empty while the last ones sell in July only.

-- Rows entered by hand, and those of an application that has just begun, have the ids below.
CREATE FUNCTION pg_temp.row_id(n bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 1000001 + n
$$;

CREATE FUNCTION pg_temp.users() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.scale()
$$;

CREATE FUNCTION pg_temp.bookings() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 3 * pg_temp.scale()
$$;

-- How many bookings there are up to the end of each stay. The first begins the day after since(), the last 80 days
-- beyond until(): the farther a trip is in the future, the fewer have booked it yet.
CREATE FUNCTION pg_temp.bookings_by_stay() RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH stays AS (
        SELECT
            stay,
            pg_temp.season(pg_temp.since() + make_interval(days => 6 + 10 * stay))
            * exp(-0.4 * greatest(extract(epoch FROM (
                pg_temp.since() + make_interval(days => 6 + 10 * stay) - pg_temp.until()
            )) / 864000, 0)) AS weight
        FROM generate_series(
            0, ceil(extract(epoch FROM pg_temp.until() - pg_temp.since()) / 864000)::int + 7
        ) AS stay
    )

    SELECT array_agg(up_to ORDER BY stay)
    FROM (
        SELECT
            stay,
            round(pg_temp.bookings() * sum(weight) OVER (ORDER BY stay) / sum(weight) OVER ())::bigint AS up_to
        FROM stays
    ) AS s
$$;

-- Destinations that anybody books: as many as the busiest stay needs.
CREATE FUNCTION pg_temp.booked_destinations() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT max(b - before)
    FROM (
        SELECT b, lag(b, 1, 0::bigint) OVER (ORDER BY stay) AS before
        FROM unnest(pg_temp.bookings_by_stay()) WITH ORDINALITY AS u (b, stay)
    ) AS s
$$;

CREATE FUNCTION pg_temp.destinations() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.booked_destinations() + 2 + pg_temp.booked_destinations() / 10
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
    SELECT floor(count * pg_temp.unit('user', n) * (0.1 + 0.9 * pg_temp.unit('user', n)))::bigint
$$;

-- Days of a trip, 3 to 9.
CREATE FUNCTION pg_temp.days(destination bigint) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.pick('days', destination, ARRAY[7, 7, 5, 9, 4, 3, 6, 8])
$$;

CREATE FUNCTION pg_temp.max_guests(destination bigint) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.pick('max guests', destination, ARRAY[2, 2, 4, 4, 6, 8, 10])
$$;

-- Of one guest, in low season.
CREATE FUNCTION pg_temp.price(destination bigint) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (pg_temp.days(destination) * (90 + floor(310 * power(pg_temp.unit('price', destination), 2))) - 0.01)::numeric(10, 2)
$$;

-- The facts of bookings lo to hi - 1.
CREATE FUNCTION pg_temp.facts(lo bigint, hi bigint) RETURNS TABLE (
    n bigint,
    person bigint,
    destination bigint,
    start_date date,
    end_date date,
    guests int,
    total numeric,
    created timestamp with time zone,
    cancelled timestamp with time zone,
    status text,
    payment_status text
)
LANGUAGE sql STABLE AS $$
    WITH placed AS MATERIALIZED (
        SELECT
            k.n,
            k.n - coalesce((pg_temp.bookings_by_stay())[k.stay], 0) AS destination,
            k.stay
        FROM (
            SELECT s.n, width_bucket(s.n, pg_temp.bookings_by_stay()) AS stay FROM pg_temp.numbers(lo, hi) AS s (n)
            OFFSET 0
        ) AS k
    ),

    dated AS MATERIALIZED (
        SELECT
            d.*,
            extract(epoch FROM d.start_date - pg_temp.until()) / 86400 AS days_left,
            extract(epoch FROM d.start_date - pg_temp.since()) / 86400 AS days_since,
            d.start_date < pg_temp.until() AS begun,
            d.start_date + make_interval(days => d.days) < pg_temp.until() AS over
        FROM (
            SELECT
                p.n,
                p.destination,
                w.days,
                pg_temp.since() + make_interval(
                    days => 1 + 10 * p.stay + pg_temp.between('offset', p.n, 0, 10 - w.days)::int
                ) AS start_date
            FROM placed AS p
            CROSS JOIN LATERAL (SELECT pg_temp.days(p.destination) AS days OFFSET 0) AS w
            OFFSET 0
        ) AS d
    ),

    booked AS MATERIALIZED (
        SELECT
            d.*,
            pg_temp.unit('fate', d.n) AS fate,
            -- six weeks ahead on average; a trip of the future has been booked by now
            date_trunc('second', d.start_date - make_interval(secs => 86400 * (
                l.least_days - 42 * ln(1 - pg_temp.unit('ahead', d.n) * (1 - exp((l.least_days - d.days_since) / 42)))
            ))) AS created
        FROM dated AS d
        CROSS JOIN LATERAL (SELECT greatest(0.5, d.days_left + 0.01)::double precision AS least_days OFFSET 0) AS l
    ),

    judged AS MATERIALIZED (
        SELECT
            b.*,
            CASE
                WHEN b.fate < 0.03 AND (b.begun OR b.created < pg_temp.until() - interval '2 days') THEN 'unpaid'
                WHEN b.fate < 0.12 THEN 'cancelled'
                WHEN b.over THEN 'completed'
                WHEN NOT b.begun AND b.created > pg_temp.until() - interval '2 days' AND b.fate < 0.6 THEN 'pending'
                ELSE 'confirmed'
            END AS verdict,
            pg_temp.between('guests', b.n, 1, pg_temp.max_guests(b.destination))::int AS guests
        FROM booked AS b
    )

    SELECT
        j.n,
        pg_temp.traveller(j.n, pg_temp.users_at(j.created)),
        j.destination,
        (j.start_date AT TIME ZONE 'UTC')::date,
        (j.start_date AT TIME ZONE 'UTC')::date + j.days,
        j.guests,
        (j.guests * pg_temp.price(j.destination) * (0.55 + 0.6 * pg_temp.season(j.start_date))::numeric)::numeric(10, 2),
        j.created,
        CASE j.verdict
            WHEN 'unpaid' THEN least(j.created + interval '1 day', j.start_date)
            WHEN 'cancelled' THEN pg_temp.moment('cancelled', j.n, j.created, least(j.start_date, pg_temp.until()))
        END,
        CASE j.verdict WHEN 'unpaid' THEN 'cancelled' ELSE j.verdict END,
        CASE j.verdict
            WHEN 'unpaid' THEN 'failed'
            WHEN 'cancelled' THEN CASE WHEN j.fate < 0.1 THEN 'refunded' ELSE 'paid' END
            WHEN 'pending' THEN 'pending'
            ELSE 'paid'
        END
    FROM judged AS j
$$;
