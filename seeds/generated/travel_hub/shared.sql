-- Whose users, chats and trips are whose. Numbers are dealt out in ranges: the first users, sessions and bookings are
-- those of tenant 0, the largest; so are those of the second, and so on. A step sees the range of the tenant that is set.

CREATE FUNCTION pg_temp.tenants() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT least(3 + pg_temp.scale() / 1000, 20)
$$;

CREATE FUNCTION pg_temp.tenant_ids() RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.id('tenant', n)::text FROM generate_series(0, pg_temp.tenants() - 1) AS n
$$;

CREATE FUNCTION pg_temp.users() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.scale()
$$;

CREATE FUNCTION pg_temp.sessions() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 2 * pg_temp.scale()
$$;

CREATE FUNCTION pg_temp.bookings() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 3 * pg_temp.scale()
$$;

-- Searches that are still in the caches.
CREATE FUNCTION pg_temp.searches() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (pg_temp.scale() + 3) / 4
$$;

-- The number of the tenant that is set.
CREATE FUNCTION pg_temp.tenant() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT n
    FROM generate_series(0, pg_temp.tenants() - 1) AS n
    WHERE pg_temp.id('tenant', n)::text = current_setting('app.current_tenant_id')
$$;

CREATE FUNCTION pg_temp.first_user(tenant bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.users() - floor(
        pg_temp.users() * power((pg_temp.tenants() - tenant)::double precision / pg_temp.tenants(), 1.8)
    )::bigint
$$;

-- The numbers of a batch that are the tenant's, of something of which there are `each` for each user: the tenant, the
-- first number that is its, how many are, and the number.
CREATE FUNCTION pg_temp.own_numbers(each bigint, lo bigint, hi bigint) RETURNS TABLE (
    tenant bigint, first bigint, total bigint, n bigint
)
LANGUAGE sql STABLE AS $$
    SELECT
        t.tenant,
        t.first,
        t.beyond - t.first,
        generate_series(greatest(lo, t.first), least(hi, t.beyond) - 1)
    FROM (
        SELECT s.tenant, each * pg_temp.first_user(s.tenant) AS first, each * pg_temp.first_user(s.tenant + 1) AS beyond
        FROM pg_temp.tenant() AS s (tenant)
        OFFSET 0
    ) AS t
$$;

-- The users of a tenant join one after the other, as many before the span as in it. `place` counts from its first.
CREATE FUNCTION pg_temp.joined(place bigint, total bigint) RETURNS timestamp with time zone
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT date_trunc(
        'second', pg_temp.since() + (pg_temp.until() - pg_temp.since()) * (2 * place::double precision / total - 1)
    )
$$;

-- How many of a tenant's users there are at a time from since() on.
CREATE FUNCTION pg_temp.users_at(at timestamp with time zone, total bigint) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT greatest(ceil(
        total * (
            1 + extract(epoch FROM at - pg_temp.since()) / extract(epoch FROM pg_temp.until() - pg_temp.since())
        ) / 2
    )::bigint, 1)
$$;

-- One of the first `count`: those who joined first come up to ten times as often as others.
CREATE FUNCTION pg_temp.regular(kind text, n bigint, count bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT floor(count * pg_temp.unit(kind, n) * (0.1 + 0.9 * pg_temp.unit(kind, n)))::bigint
$$;

-- When a user asked to be erased; NULL for nearly all. It was in the last month: who asked earlier is purged.
CREATE FUNCTION pg_temp.erased(person bigint) RETURNS timestamp with time zone
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN pg_temp.chance('erased', person, 0.01)
            THEN pg_temp.moment('erased at', person, pg_temp.until() - interval '29 days', pg_temp.until())
    END
$$;

CREATE FUNCTION pg_temp.cities() RETURNS TABLE (
    city bigint, name text, airport text, country text, latitude double precision, longitude double precision
)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    VALUES
    (0::bigint, 'London', 'LHR', 'GB', 51.47::double precision, -0.45::double precision),
    (1, 'New York', 'JFK', 'US', 40.64, -73.78),
    (2, 'Paris', 'CDG', 'FR', 49.01, 2.55),
    (3, 'Tokyo', 'HND', 'JP', 35.55, 139.78),
    (4, 'Dubai', 'DXB', 'AE', 25.25, 55.36),
    (5, 'Barcelona', 'BCN', 'ES', 41.30, 2.08),
    (6, 'Singapore', 'SIN', 'SG', 1.36, 103.99),
    (7, 'Rome', 'FCO', 'IT', 41.80, 12.24),
    (8, 'Los Angeles', 'LAX', 'US', 33.94, -118.41),
    (9, 'Amsterdam', 'AMS', 'NL', 52.31, 4.76),
    (10, 'Bangkok', 'BKK', 'TH', 13.69, 100.75),
    (11, 'Lisbon', 'LIS', 'PT', 38.77, -9.13),
    (12, 'Istanbul', 'IST', 'TR', 41.26, 28.74),
    (13, 'Sydney', 'SYD', 'AU', -33.95, 151.18),
    (14, 'São Paulo', 'GRU', 'BR', -23.43, -46.47),
    (15, 'Cape Town', 'CPT', 'ZA', -33.97, 18.60)
$$;

CREATE FUNCTION pg_temp.home(person bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.regular('home', person, 16)
$$;

-- A city that is not the home.
CREATE FUNCTION pg_temp.elsewhere(kind text, n bigint, home bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT mod(home + 1 + pg_temp.regular(kind, n, 15), 16)
$$;

CREATE FUNCTION pg_temp.flight_minutes(
    latitude_a double precision,
    longitude_a double precision,
    latitude_b double precision,
    longitude_b double precision
) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 5 * ceil((35 + 6371 / 13.7 * acos(
        sind(latitude_a) * sind(latitude_b) + cosd(latitude_a) * cosd(latitude_b) * cosd(longitude_b - longitude_a)
    )) / 5)::int
$$;

-- The share of all trips that begin up to the end of each week. The weeks go ten beyond until(): the farther a trip is
-- in the future, the fewer have booked it yet.
CREATE FUNCTION pg_temp.trips_by_week() RETURNS double precision[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH weeks AS (
        SELECT
            week,
            pg_temp.season(pg_temp.since() + make_interval(days => 4 + 7 * week))
            * exp(-0.35 * greatest(extract(epoch FROM (
                pg_temp.since() + make_interval(days => 4 + 7 * week) - pg_temp.until()
            )) / 604800, 0)) AS weight
        FROM generate_series(
            0, ceil(extract(epoch FROM pg_temp.until() - pg_temp.since()) / 604800)::int + 9
        ) AS week
    )

    SELECT array_agg(up_to ORDER BY week)
    FROM (
        SELECT week, (sum(weight) OVER (ORDER BY week) / sum(weight) OVER ())::double precision AS up_to FROM weeks
    ) AS w
$$;

-- The facts of those of bookings lo to hi - 1 that are the tenant's. `person` has been erased when `nameless`, and is
-- unknown when purged: NULL.
CREATE FUNCTION pg_temp.trips(lo bigint, hi bigint) RETURNS TABLE (
    n bigint,
    tenant bigint,
    person bigint,
    nameless boolean,
    currency text,
    origin bigint,
    destination bigint,
    departs timestamp with time zone,
    nights int,
    people int,
    rooms int,
    flies boolean,
    stays boolean,
    cabin text,
    minutes int,
    fare numeric,
    night_price numeric,
    total numeric,
    created timestamp with time zone,
    changed timestamp with time zone,
    status text
)
LANGUAGE sql STABLE AS $$
    WITH dated AS MATERIALIZED (
        SELECT
            k.n,
            k.tenant,
            k.first / 3 AS first_user,
            k.total / 3 AS users,
            pg_temp.since() + make_interval(days => 1 + 7 * k.week + mod(pg_temp.hash('day', k.n), 7)::int)
            + interval '5 minutes' * pg_temp.between('time of day', k.n, 72, 264) AS departs
        FROM (
            SELECT
                o.n,
                o.tenant,
                o.first,
                o.total,
                width_bucket(
                    (o.n - o.first + pg_temp.unit('trip', o.n)) / o.total, pg_temp.trips_by_week()
                ) AS week
            FROM pg_temp.own_numbers(3, lo, hi) AS o
            OFFSET 0
        ) AS k
    ),

    booked AS MATERIALIZED (
        SELECT
            d.*,
            -- five weeks ahead on average; a trip of the future has been booked by now
            date_trunc('second', d.departs - make_interval(secs => 86400 * (
                l.least_days
                - 35 * ln(1 - pg_temp.unit('ahead', d.n) * (1 - exp((l.least_days - l.days_since) / 35)))
            ))) AS created
        FROM dated AS d
        CROSS JOIN LATERAL (
            SELECT
                greatest(
                    0.2, extract(epoch FROM d.departs - pg_temp.until()) / 86400 + 0.01
                )::double precision AS least_days,
                (extract(epoch FROM d.departs - pg_temp.since()) / 86400)::double precision AS days_since
            OFFSET 0
        ) AS l
    ),

    known AS MATERIALIZED (
        SELECT
            b.*,
            b.first_user + pg_temp.regular('person', b.n, pg_temp.users_at(b.created, b.users)) AS person,
            pg_temp.pick('trip', b.n, ARRAY['fly', 'fly', 'fly', 'fly', 'stay', 'stay', 'both', 'both', 'both']) AS what,
            pg_temp.between('nights', b.n, 1, 1 + (pg_temp.hash('long', b.n) & 15))::int AS nights,
            pg_temp.pick('people', b.n, ARRAY[1, 1, 1, 2, 2, 2, 2, 3, 4]) AS people,
            pg_temp.unit('fate', b.n) AS fate
        FROM booked AS b
    ),

    placed AS MATERIALIZED (
        SELECT
            k.*,
            pg_temp.home(k.person) AS origin,
            pg_temp.elsewhere('destination', k.n, pg_temp.home(k.person)) AS destination,
            pg_temp.erased(k.person) AS erased,
            pg_temp.pick('cabin', k.n, ARRAY[
                'economy', 'economy', 'economy', 'economy', 'economy', 'economy', 'premium_economy', 'business'
            ]) AS cabin,
            CASE
                WHEN k.fate < 0.09 THEN 'cancelled'
                WHEN k.departs + make_interval(days => k.nights + 2) < pg_temp.until() THEN 'completed'
                WHEN k.created > pg_temp.until() - interval '1 day' AND k.fate < 0.5 THEN 'pending'
                ELSE 'confirmed'
            END AS status
        FROM known AS k
    ),

    priced AS MATERIALIZED (
        SELECT
            p.*,
            f.minutes,
            (p.people + 1) / 2 AS rooms,
            (
                (30 + f.minutes * 0.9) * pg_temp.season(p.departs) * (0.8 + 0.4 * pg_temp.unit('fare', p.n))
                * CASE p.cabin WHEN 'economy' THEN 1 WHEN 'premium_economy' THEN 1.7 ELSE 3.5 END
            )::numeric(12, 2) AS fare,
            (
                (60 + 240 * power(pg_temp.unit('hotel', p.n), 2)) * pg_temp.season(p.departs)
            )::numeric(12, 2) AS room_price
        FROM placed AS p
        INNER JOIN pg_temp.cities() AS o ON p.origin = o.city
        INNER JOIN pg_temp.cities() AS d ON p.destination = d.city
        CROSS JOIN LATERAL (
            SELECT pg_temp.flight_minutes(o.latitude, o.longitude, d.latitude, d.longitude) AS minutes OFFSET 0
        ) AS f
    )

    SELECT
        p.n,
        p.tenant,
        CASE WHEN p.erased IS NULL OR p.created < p.erased THEN p.person END,
        p.erased IS NOT NULL,
        pg_temp.pick('currency', p.tenant, ARRAY['USD', 'EUR', 'USD', 'GBP']),
        p.origin,
        p.destination,
        p.departs,
        p.nights,
        p.people,
        p.rooms,
        p.what <> 'stay',
        p.what <> 'fly',
        p.cabin,
        p.minutes,
        p.fare,
        p.room_price * p.rooms,
        CASE WHEN p.what <> 'stay' THEN 2 * p.people * p.fare ELSE 0 END
        + CASE WHEN p.what <> 'fly' THEN p.nights * p.rooms * p.room_price ELSE 0 END,
        p.created,
        CASE p.status
            WHEN 'cancelled' THEN pg_temp.moment('cancelled', p.n, p.created, least(p.departs, pg_temp.until()))
            WHEN 'completed' THEN p.departs + make_interval(days => p.nights + 1)
            WHEN 'confirmed' THEN pg_temp.moment('paid', p.n, p.created, least(p.created + interval '2 hours', pg_temp.until()))
            ELSE p.created
        END,
        p.status
    FROM priced AS p
$$;

-- Messages are in the archive after fifteen months; what is left of a chat before is its session.
CREATE FUNCTION pg_temp.messages_since() RETURNS timestamp with time zone
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT date_trunc('month', pg_temp.until()) - interval '15 months'
$$;

-- The facts of those of chat sessions lo to hi - 1 that are the tenant's and whose user was still there.
CREATE FUNCTION pg_temp.chats(lo bigint, hi bigint) RETURNS TABLE (
    n bigint,
    tenant bigint,
    person bigint,
    nameless boolean,
    topic text,
    city bigint,
    messages int,
    begun timestamp with time zone
)
LANGUAGE sql STABLE AS $$
    SELECT
        c.n,
        c.tenant,
        c.person,
        c.erased IS NOT NULL,
        pg_temp.pick('topic', c.n, ARRAY['flights', 'flights', 'hotels', 'hotels', 'plan', 'change']),
        pg_temp.elsewhere('chat', c.n, pg_temp.home(c.person)),
        2 * pg_temp.between('messages', c.n, 1, 1 + (pg_temp.hash('talkative', c.n) & 7))::int,
        c.begun
    FROM (
        SELECT k.*, pg_temp.erased(k.person) AS erased
        FROM (
            SELECT
                s.n,
                s.tenant,
                s.begun,
                s.first / 2 + pg_temp.regular('chatter', s.n, pg_temp.users_at(s.begun, s.total / 2)) AS person
            FROM (
                SELECT
                    o.n,
                    o.tenant,
                    o.first,
                    o.total,
                    date_trunc(
                        'second',
                        pg_temp.since()
                        + (pg_temp.until() - interval '1 hour' - pg_temp.since())
                        * ((o.n - o.first + pg_temp.unit('chat', o.n)) / o.total)
                    ) AS begun
                FROM pg_temp.own_numbers(2, lo, hi) AS o
                OFFSET 0
            ) AS s
            OFFSET 0
        ) AS k
        OFFSET 0
    ) AS c
    WHERE c.erased IS NULL OR c.begun + interval '1 hour' < c.erased
$$;
