-- The facts that the six databases agree on, each a function of a number.

CREATE FUNCTION pg_temp.bookings() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.scale() * 3
$$;

-- Who travels; the accounts above are those that left before they ever booked.
CREATE FUNCTION pg_temp.bookers() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.scale() - pg_temp.scale() / 64
$$;

CREATE FUNCTION pg_temp.searches() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.scale() * 8
$$;

-- Searches are kept for ninety days, and their partitions no longer.
CREATE FUNCTION pg_temp.searches_since() RETURNS timestamp with time zone
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT greatest(pg_temp.since(), pg_temp.until() - interval '90 days')
$$;

-- Whole days: the figures of a day are computed when it is over.
CREATE FUNCTION pg_temp.days() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (pg_temp.until() AT TIME ZONE 'UTC')::date - (pg_temp.since() AT TIME ZONE 'UTC')::date
$$;

-- Airports by number, the busy ones first. Positions in degrees.
CREATE FUNCTION pg_temp.airports() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 40::bigint
$$;

CREATE FUNCTION pg_temp.airport(i bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (ARRAY[
        'LHR', 'JFK', 'CDG', 'DXB', 'FRA', 'AMS', 'LAX', 'SIN', 'MAD', 'BCN', 'ORD', 'HND', 'IST', 'ATL', 'FCO', 'MUC',
        'SFO', 'DFW', 'MIA', 'ZRH', 'LIS', 'CPH', 'VIE', 'DUB', 'BOS', 'SEA', 'YYZ', 'ICN', 'HKG', 'BKK', 'DEL', 'BOM',
        'SYD', 'GRU', 'MEX', 'ARN', 'OSL', 'ATH', 'CAI', 'JNB'
    ])[1 + i]
$$;

CREATE FUNCTION pg_temp.airport_country(i bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (ARRAY[
        'GB', 'US', 'FR', 'AE', 'DE', 'NL', 'US', 'SG', 'ES', 'ES', 'US', 'JP', 'TR', 'US', 'IT', 'DE',
        'US', 'US', 'US', 'CH', 'PT', 'DK', 'AT', 'IE', 'US', 'US', 'CA', 'KR', 'HK', 'TH', 'IN', 'IN',
        'AU', 'BR', 'MX', 'SE', 'NO', 'GR', 'EG', 'ZA'
    ])[1 + i]
$$;

CREATE FUNCTION pg_temp.airport_city(i bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (ARRAY[
        'London', 'New York', 'Paris', 'Dubai', 'Frankfurt', 'Amsterdam', 'Los Angeles', 'Singapore', 'Madrid',
        'Barcelona', 'Chicago', 'Tokyo', 'Istanbul', 'Atlanta', 'Rome', 'Munich', 'San Francisco', 'Dallas', 'Miami',
        'Zurich', 'Lisbon', 'Copenhagen', 'Vienna', 'Dublin', 'Boston', 'Seattle', 'Toronto', 'Seoul', 'Hong Kong',
        'Bangkok', 'Delhi', 'Mumbai', 'Sydney', 'São Paulo', 'Mexico City', 'Stockholm', 'Oslo', 'Athens', 'Cairo',
        'Johannesburg'
    ])[1 + i]
$$;

CREATE FUNCTION pg_temp.latitude(i bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (ARRAY[
        51.47, 40.64, 49.01, 25.25, 50.03, 52.31, 33.94, 1.36, 40.47, 41.30, 41.98, 35.55, 41.26, 33.64, 41.80, 48.35,
        37.62, 32.90, 25.79, 47.46, 38.77, 55.62, 48.11, 53.42, 42.36, 47.45, 43.68, 37.46, 22.31, 13.69, 28.57, 19.09,
        -33.95, -23.44, 19.44, 59.65, 60.19, 37.94, 30.12, -26.13
    ]::double precision [])[1 + i]
$$;

CREATE FUNCTION pg_temp.longitude(i bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (ARRAY[
        -0.45, -73.78, 2.55, 55.36, 8.57, 4.76, -118.41, 103.99, -3.56, 2.08, -87.90, 139.78, 28.74, -84.43, 12.24,
        11.79, -122.38, -97.04, -80.29, 8.55, -9.13, 12.65, 16.57, -6.27, -71.01, -122.31, -79.63, 126.44, 113.92,
        100.75, 77.10, 72.87, 151.18, -46.47, -99.07, 17.92, 11.10, 23.94, 31.41, 28.25
    ]::double precision [])[1 + i]
$$;

-- Along the great circle, in whole kilometres, so that the last digits of a sine do not matter.
CREATE FUNCTION pg_temp.kilometres(a bigint, b bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT round(6371 * acos(least(
        1,
        sind(pg_temp.latitude(a)) * sind(pg_temp.latitude(b))
        + cosd(pg_temp.latitude(a)) * cosd(pg_temp.latitude(b)) * cosd(pg_temp.longitude(a) - pg_temp.longitude(b))
    )))::bigint
$$;

CREATE FUNCTION pg_temp.airline(i bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (ARRAY['BA', 'LH', 'AF', 'EK', 'DL', 'UA', 'AA', 'KL', 'SQ', 'IB', 'TK', 'QF', 'NH', 'LX', 'SK', 'AC'])[
        1 + i
    ]
$$;

CREATE FUNCTION pg_temp.airline_name(i bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (ARRAY[
        'British Airways', 'Lufthansa', 'Air France', 'Emirates', 'Delta Air Lines', 'United Airlines',
        'American Airlines', 'KLM', 'Singapore Airlines', 'Iberia', 'Turkish Airlines', 'Qantas', 'All Nippon Airways',
        'Swiss', 'SAS', 'Air Canada'
    ])[1 + i]
$$;

-- What an amount in US dollars is in another currency; about, and for ever.
CREATE FUNCTION pg_temp.rate(currency text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE currency WHEN 'EUR' THEN 0.92 WHEN 'GBP' THEN 0.79 WHEN 'CHF' THEN 0.88 ELSE 1.00 END
$$;

-- The home airport of a user decides country, city and currency.
CREATE FUNCTION pg_temp.user_home(u bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.skewed('user home', u, pg_temp.airports())
$$;

CREATE FUNCTION pg_temp.user_currency(home bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN pg_temp.airport_country(home) IN ('FR', 'DE', 'NL', 'ES', 'IT', 'PT', 'AT', 'IE', 'GR') THEN 'EUR'
        WHEN pg_temp.airport_country(home) = 'GB' THEN 'GBP'
        WHEN pg_temp.airport_country(home) = 'CH' THEN 'CHF'
        ELSE 'USD'
    END
$$;

-- Over half of the accounts are older than the span; the last is two hours old.
CREATE FUNCTION pg_temp.user_created_at(u bigint) RETURNS timestamp with time zone
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN pg_temp.chance('user is older', u, 0.55)
            THEN pg_temp.moment('user created', u, pg_temp.since() - interval '3 years', pg_temp.since())
        ELSE pg_temp.moment('user created', u, pg_temp.since(), pg_temp.until() - interval '2 hours')
    END
$$;

CREATE FUNCTION pg_temp.user_born(u bigint) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (pg_temp.since() AT TIME ZONE 'UTC')::date - (7300 + 20000 * power(pg_temp.unit('user born', u), 1.4))::int
$$;

-- Names are for people; in an address the letters lose what is on them. C, for what is a capital must not depend on
-- the database.
CREATE FUNCTION pg_temp.user_email(u bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(
        lower(
            (pg_temp.first_name('user', u) || '.' || pg_temp.last_name('user', u) || u::text) COLLATE "C"
        ),
        'áöüı'' ', 'aoui'
    ) || pg_temp.pick('user domain', u, ARRAY['@example.com', '@example.org', '@example.net'])
$$;

CREATE FUNCTION pg_temp.user_phone(u bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT '+1555' || lpad(mod(pg_temp.hash('user phone', u), 10000000)::text, 7, '0')
$$;

CREATE FUNCTION pg_temp.user_address(u bigint) RETURNS inet
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT inet '198.18.0.0' + mod(pg_temp.hash('user address', u), 131072)
$$;

CREATE FUNCTION pg_temp.user_agent(u bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.pick_skewed('user agent', u, ARRAY[
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) Safari/605.1',
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1', 'Mozilla/5.0 (Linux; Android 15) Chrome/131.0',
        'Mozilla/5.0 (X11; Linux x86_64) Firefox/133.0'
    ])
$$;

-- How the user pays: the first means of payment, and of cards the brand and the last digits.
CREATE FUNCTION pg_temp.user_gateway(u bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.pick_skewed('user gateway', u, ARRAY['STRIPE', 'STRIPE', 'PAYPAL', 'BRAINTREE'])
$$;

CREATE FUNCTION pg_temp.card_brand(u bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.pick_skewed('card brand', u, ARRAY['VISA', 'MASTERCARD', 'AMEX'])
$$;

CREATE FUNCTION pg_temp.card_last4(u bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lpad(mod(pg_temp.hash('card last4', u), 10000)::text, 4, '0')
$$;

-- Cards run out years after the span, so that they are good on the day they are written.
CREATE FUNCTION pg_temp.card_year(u bigint) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (extract(year FROM pg_temp.until() AT TIME ZONE 'UTC') + 2)::int + pg_temp.between('card year', u, 0, 3)::int
$$;

CREATE FUNCTION pg_temp.card_month(u bigint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.between('card month', u, 1, 12)::int
$$;

CREATE FUNCTION pg_temp.passport_number(kind text, n bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT chr(65 + mod(pg_temp.hash(kind || ' passport', n), 26)::int)
        || lpad(mod(pg_temp.hash(kind || ' passport number', n), 100000000)::text, 8, '0')
$$;

-- Good for more than a year after the span, and so after every departure.
CREATE FUNCTION pg_temp.passport_expiry(kind text, n bigint) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (pg_temp.until() AT TIME ZONE 'UTC')::date + pg_temp.between(kind || ' passport expiry', n, 400, 3300)::int
$$;

-- The tenth of a per cent that works here; NULL where there are too few users for that.
CREATE FUNCTION pg_temp.staff(kind text, n bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN pg_temp.scale() >= 200 THEN pg_temp.id(
        'user', 199 + 200 * pg_temp.between(kind, n, 0, pg_temp.scale() / 200 - 1)
    ) END
$$;

-- What bookings lo to hi are. Each layer ends in OFFSET 0, so that nothing is computed twice and nothing unasked.
CREATE FUNCTION pg_temp.booking_facts(lo bigint, hi bigint) RETURNS TABLE (
    n bigint, u bigint, created_at timestamp with time zone, home bigint, origin bigint, destination bigint,
    onward bigint, kind text, segments integer, airline bigint, km bigint, minutes integer, onward_km bigint,
    onward_minutes integer, departs timestamp with time zone, arrives timestamp with time zone,
    onward_departs timestamp with time zone, ends timestamp with time zone, cabin text, passengers integer,
    currency text, rate numeric, base_usd numeric, taxes_usd numeric, fees_usd numeric, status text,
    payment_status text, confirmed_at timestamp with time zone, cancelled_at timestamp with time zone,
    checked_in_at timestamp with time zone
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT
        s.n, s.u, s.created_at, s.home, s.origin, s.destination, s.onward, s.kind, s.segments, s.airline, s.km,
        s.minutes, s.onward_km, s.onward_minutes, s.departs, s.arrives, s.onward_departs, s.ends, s.cabin,
        s.passengers, s.currency, s.rate, s.base_usd,
        round(s.base_usd * 0.12 + 18 * s.segments * s.passengers, 2) AS taxes_usd,
        CASE WHEN pg_temp.chance('booking fee', s.n, 0.3) THEN 12.50 ELSE 0.00 END AS fees_usd,
        s.status,
        CASE s.status
            WHEN 'FAILED' THEN 'FAILED'
            WHEN 'PENDING_PAYMENT' THEN 'PENDING'
            WHEN 'REFUNDED' THEN 'REFUNDED'
            WHEN 'CANCELLED' THEN CASE WHEN s.outcome < 0.11 THEN 'PARTIALLY_REFUNDED' ELSE 'CAPTURED' END
            ELSE 'CAPTURED'
        END AS payment_status,
        CASE WHEN s.status NOT IN ('FAILED', 'PENDING_PAYMENT') THEN s.paid_at END AS confirmed_at,
        CASE WHEN s.status IN ('CANCELLED', 'REFUNDED')
            THEN pg_temp.moment('booking cancelled', s.n, s.paid_at, s.latest)
        END AS cancelled_at,
        CASE WHEN s.status IN ('CHECKED_IN', 'COMPLETED')
            THEN greatest(s.departs - interval '20 hours', s.paid_at + interval '30 minutes')
        END AS checked_in_at
    FROM (
        SELECT
            t.*,
            least(t.departs, pg_temp.until()) AS latest,
            CASE
                WHEN t.outcome < 0.04 THEN 'FAILED'
                WHEN t.created_at > pg_temp.until() - interval '24 hours' AND t.outcome > 0.7 THEN 'PENDING_PAYMENT'
                WHEN t.outcome < 0.09 THEN 'REFUNDED'
                WHEN t.outcome < 0.14 THEN 'CANCELLED'
                WHEN t.ends <= pg_temp.until() THEN 'COMPLETED'
                WHEN t.departs - interval '20 hours' <= pg_temp.until() THEN 'CHECKED_IN'
                ELSE 'CONFIRMED'
            END AS status,
            -- an early booker pays less, a late one more, and everybody more when everybody travels
            round((
                (35 + 0.075 * t.km + CASE WHEN t.segments = 2 THEN 35 + 0.075 * t.onward_km ELSE 0 END)
                * t.passengers
                * pg_temp.season(t.departs)
                * (0.8 + 0.9 * exp(extract(epoch FROM t.created_at - t.departs)::double precision / 1209600))
                * CASE t.cabin
                    WHEN 'ECONOMY' THEN 1 WHEN 'PREMIUM_ECONOMY' THEN 1.7 WHEN 'BUSINESS' THEN 3.6 ELSE 6.5
                END
                * (0.85 + 0.4 * pg_temp.unit('booking price', t.n))
            )::numeric, 2) AS base_usd
        FROM (
            SELECT
                g.*,
                g.departs + g.minutes * interval '1 minute' AS arrives,
                coalesce(g.onward_departs + g.onward_minutes * interval '1 minute',
                    g.departs + g.minutes * interval '1 minute') AS ends
            FROM (
                SELECT
                    f.*,
                    pg_temp.pick('booking airline', f.n, ARRAY[
                        mod(f.origin * 7 + f.destination * 3, 16), mod(f.origin, 16), mod(f.destination * 5 + 1, 16)
                    ]) AS airline,
                    (40 + (f.km * 2 / 135) * 5)::int AS minutes,
                    (40 + (f.onward_km * 2 / 135) * 5)::int AS onward_minutes,
                    CASE WHEN f.segments = 2 THEN
                        date_trunc('day', f.departs)
                        + (2 + floor(12 * power(pg_temp.unit('booking stay', f.n), 1.5))) * interval '1 day'
                        + interval '5 hours' + pg_temp.between('booking return', f.n, 0, 204) * interval '5 minutes'
                    END AS onward_departs
                FROM (
                    SELECT
                        e.*,
                        CASE WHEN e.kind = 'ONE_WAY' THEN 1 ELSE 2 END AS segments,
                        pg_temp.kilometres(e.origin, e.destination) AS km,
                        CASE WHEN e.kind <> 'ONE_WAY' THEN pg_temp.kilometres(e.destination, e.onward) END AS onward_km,
                        pg_temp.user_currency(e.home) AS currency,
                        pg_temp.rate(pg_temp.user_currency(e.home)) AS rate,
                        date_trunc('day', e.created_at)
                        + CASE
                            WHEN pg_temp.unit('booking season', e.n) * 1.35 < pg_temp.season(e.created_at + e.lead)
                                THEN e.lead
                            ELSE e.other_lead
                        END
                        + interval '5 hours' + pg_temp.between('booking departs', e.n, 0, 204) * interval '5 minutes'
                            AS departs
                    FROM (
                        SELECT
                            d.*,
                            -- an airport that is neither, counted from the destination on and past the origin
                            CASE WHEN d.kind = 'MULTI_CITY' THEN mod(
                                d.destination + 1 + d.further + (
                                    d.further >= mod(d.origin - d.destination - 1 + pg_temp.airports(), pg_temp.airports())
                                )::int, pg_temp.airports()
                            )
                            ELSE d.origin END AS onward
                        FROM (
                            SELECT
                                c.*,
                                c.flies_to + (c.flies_to >= c.origin)::int AS destination,
                                CASE
                                    WHEN c.form < 0.62 THEN 'ROUND_TRIP' WHEN c.form < 0.97 THEN 'ONE_WAY'
                                    ELSE 'MULTI_CITY'
                                END AS kind,
                                pg_temp.between('booking onward', c.n, 0, pg_temp.airports() - 3) AS further,
                                c.created_at + c.pays_after AS paid_at
                            FROM (
                                SELECT
                                    b.n, b.u, b.home,
                                    CASE WHEN pg_temp.chance('booking from home', b.n, 0.7) THEN b.home
                                        ELSE pg_temp.skewed('booking origin', b.n, pg_temp.airports())
                                    END AS origin,
                                    pg_temp.skewed('booking destination', b.n, pg_temp.airports() - 1) AS flies_to,
                                    pg_temp.moment('booking created', b.n,
                                        greatest(b.joined_at, pg_temp.since()), pg_temp.until() - interval '1 hour'
                                    ) AS created_at,
                                    pg_temp.between('booking paid', b.n, 1, 9) * interval '1 minute' AS pays_after,
                                    (1 + floor(300 * power(pg_temp.unit('booking lead', b.n), 2.2)))
                                    * interval '1 day' AS lead,
                                    (1 + floor(300 * power(pg_temp.unit('booking other lead', b.n), 2.2)))
                                    * interval '1 day' AS other_lead,
                                    pg_temp.unit('booking kind', b.n) AS form,
                                    pg_temp.unit('booking outcome', b.n) AS outcome,
                                    pg_temp.pick('booking passengers', b.n,
                                        ARRAY[1, 1, 1, 1, 1, 1, 2, 2, 2, 3]) AS passengers,
                                    pg_temp.pick_skewed('booking cabin', b.n, ARRAY[
                                        'ECONOMY', 'ECONOMY', 'ECONOMY', 'ECONOMY', 'ECONOMY', 'ECONOMY',
                                        'PREMIUM_ECONOMY', 'PREMIUM_ECONOMY', 'BUSINESS', 'BUSINESS', 'FIRST'
                                    ]) AS cabin
                                FROM (
                                    SELECT
                                        a.n, a.u,
                                        pg_temp.user_home(a.u) AS home,
                                        pg_temp.user_created_at(a.u) AS joined_at
                                    FROM (
                                        SELECT
                                            i AS n,
                                            floor(
                                                pg_temp.bookers() * power(pg_temp.unit('booking user', i), 1.3)
                                            )::bigint AS u
                                        FROM pg_temp.numbers(lo, hi) AS i
                                        OFFSET 0
                                    ) AS a
                                    OFFSET 0
                                ) AS b
                                OFFSET 0
                            ) AS c
                            OFFSET 0
                        ) AS d
                        OFFSET 0
                    ) AS e
                    OFFSET 0
                ) AS f
                OFFSET 0
            ) AS g
            OFFSET 0
        ) AS t
        OFFSET 0
    ) AS s
    OFFSET 0
$$;

-- Who travels on bookings lo to hi: the first is the one who booked.
CREATE FUNCTION pg_temp.passenger_facts(lo bigint, hi bigint) RETURNS TABLE (
    n bigint, u bigint, k integer, p bigint, departs timestamp with time zone, created_at timestamp with time zone,
    status text, airline bigint, abroad boolean, kind text, confirmed_at timestamp with time zone, changed_at timestamp with time zone
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT
        b.n, b.u, k, b.n * 4 + k, b.departs, b.created_at, b.status, b.airline,
        pg_temp.airport_country(b.origin) <> pg_temp.airport_country(b.destination),
        CASE
            WHEN k = 0 THEN 'ADULT'
            WHEN k = 1 THEN pg_temp.pick('passenger kind', b.n * 4 + k, ARRAY['ADULT', 'ADULT', 'ADULT', 'CHILD'])
            ELSE pg_temp.pick('passenger kind', b.n * 4 + k, ARRAY['CHILD', 'CHILD', 'CHILD', 'ADULT', 'INFANT'])
        END,
        b.confirmed_at,
        coalesce(b.cancelled_at, b.confirmed_at, b.created_at)
    FROM pg_temp.booking_facts(lo, hi) AS b
    CROSS JOIN LATERAL generate_series(0, b.passengers - 1) AS k
    OFFSET 0
$$;

-- What is said after trips lo to hi that have ended.
CREATE FUNCTION pg_temp.review_facts(lo bigint, hi bigint) RETURNS TABLE (
    n bigint, u bigint, origin bigint, destination bigint, airline bigint, minutes integer, cabin text,
    departs timestamp with time zone, created_at timestamp with time zone, about text, rating integer, state text
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT
        b.n, b.u, b.origin, b.destination, b.airline, b.minutes, b.cabin, b.departs, b.written_at,
        pg_temp.pick_skewed('review about', b.n, ARRAY['FLIGHT', 'AIRLINE', 'AIRPORT']),
        pg_temp.pick('review rating', b.n, ARRAY[1, 1, 2, 3, 3, 4, 4, 4, 5, 5, 5]),
        CASE
            WHEN b.written_at > pg_temp.until() - interval '2 days' THEN 'PENDING'
            ELSE pg_temp.pick_skewed('review state', b.n, ARRAY['APPROVED', 'APPROVED', 'APPROVED', 'REJECTED', 'FLAGGED'])
        END
    FROM (
        SELECT
            f.*,
            f.ends + pg_temp.between('review after', f.n, 1, 480) * interval '1 hour' AS written_at
        FROM pg_temp.booking_facts(lo, hi) AS f
        WHERE f.status = 'COMPLETED' AND pg_temp.chance('review written', f.n, 0.25)
        OFFSET 0
    ) AS b
    WHERE b.written_at <= pg_temp.until()
    OFFSET 0
$$;

-- What was searched by whom; `known` says whether the user was signed in.
CREATE FUNCTION pg_temp.search_facts(lo bigint, hi bigint) RETURNS TABLE (
    n bigint, u bigint, known boolean, origin bigint, destination bigint, created_at timestamp with time zone
)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT
        a.n, a.u, a.known, a.origin,
        a.flies_to + (a.flies_to >= a.origin)::int,
        pg_temp.moment('search created', a.n, a.since, pg_temp.until())
    FROM (
        SELECT
            s.*,
            pg_temp.user_home(s.u) AS origin,
            pg_temp.skewed('search destination', s.n, pg_temp.airports() - 1) AS flies_to,
            CASE WHEN s.known THEN greatest(pg_temp.user_created_at(s.u), pg_temp.searches_since())
                ELSE pg_temp.searches_since()
            END AS since
        FROM (
            SELECT
                i AS n,
                floor(pg_temp.bookers() * power(pg_temp.unit('search user', i), 1.3))::bigint AS u,
                pg_temp.chance('search signed in', i, 0.7) AS known
            FROM pg_temp.numbers(lo, hi) AS i
            OFFSET 0
        ) AS s
        OFFSET 0
    ) AS a
    OFFSET 0
$$;
