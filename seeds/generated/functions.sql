-- What the steps of every system draw from. Made in pg_temp of each connection, after random_seed(), scale(), since()
-- and until(), which return the constants of the run. All are single expressions, so that the planner puts them in line.

-- A number from 0 to 2^63 - 1 that kind and n always give under one random seed.
CREATE FUNCTION pg_temp.hash(kind text, n bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT hashtextextended((kind || ':' || n::text) COLLATE "C", pg_temp.random_seed()) & 9223372036854775807
$$;

-- In [0, 1). 52 bits, so that a product with a count stays below the count.
CREATE FUNCTION pg_temp.unit(kind text, n bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (pg_temp.hash(kind, n) >> 11)::double precision / 4503599627370496
$$;

-- True with this probability.
CREATE FUNCTION pg_temp.chance(kind text, n bigint, probability double precision) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.unit(kind, n) < probability
$$;

-- A whole number from low to high, both included.
CREATE FUNCTION pg_temp.between(kind text, n bigint, low bigint, high bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT low + mod(pg_temp.hash(kind, n), high - low + 1)
$$;

-- In [0, count), few of them often: the first hundredth gets a sixth.
CREATE FUNCTION pg_temp.skewed(kind text, n bigint, count bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT floor(count * power(pg_temp.unit(kind, n), 2.5))::bigint
$$;

-- One of the values; NULL is one too.
CREATE FUNCTION pg_temp.pick(kind text, n bigint, choices anyarray) RETURNS anyelement
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT choices[1 + mod(pg_temp.hash(kind, n), cardinality(choices))]
$$;

-- One of the values, the first ones far more often.
CREATE FUNCTION pg_temp.pick_skewed(kind text, n bigint, choices anyarray) RETURNS anyelement
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT choices[1 + pg_temp.skewed(kind, n, cardinality(choices))]
$$;

-- A UUID of version 8 (RFC 9562): ours to fill. Not by md5, which servers under FIPS rules refuse.
CREATE FUNCTION pg_temp.id(kind text, n bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT encode(
        int8send(
            (hashtextextended((kind || ':' || n::text) COLLATE "C", pg_temp.random_seed()) & -61441) | 32768
        )
        || int8send(
            (hashtextextended((kind || ';' || n::text) COLLATE "C", pg_temp.random_seed()) & 4611686018427387903)
            | (-9223372036854775807 - 1)
        ),
        'hex'
    )::uuid
$$;

-- A code of six characters without 0, O, 1 and I. No two numbers below 2^30 get the same: multiplying by an odd number
-- modulo a power of two takes no place twice.
CREATE FUNCTION pg_temp.code(n bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + (n * 695872157 + 413158523 & 31)::int, 1)
        || substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + (n * 695872157 + 413158523 >> 5 & 31)::int, 1)
        || substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + (n * 695872157 + 413158523 >> 10 & 31)::int, 1)
        || substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + (n * 695872157 + 413158523 >> 15 & 31)::int, 1)
        || substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + (n * 695872157 + 413158523 >> 20 & 31)::int, 1)
        || substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + (n * 695872157 + 413158523 >> 25 & 31)::int, 1)
$$;

-- A full second from earliest up to latest. STABLE, as times with a zone and intervals are.
CREATE FUNCTION pg_temp.moment(
    kind text, n bigint, earliest timestamp with time zone, latest timestamp with time zone
) RETURNS timestamp with time zone
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT date_trunc('second', earliest + (latest - earliest) * pg_temp.unit(kind, n))
$$;

-- How much people travel: 0.7 in February to 1.35 in July, and again at Christmas.
CREATE FUNCTION pg_temp.season(at timestamp with time zone) RETURNS double precision
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (ARRAY[0.75, 0.7, 0.85, 1.0, 1.0, 1.2, 1.35, 1.3, 1.05, 0.95, 0.8, 1.15])[
        extract(month FROM at AT TIME ZONE 'UTC')::int
    ]::double precision
$$;

-- The numbers of the batch: FROM pg_temp.numbers(%(lo)s, %(hi)s) AS n.
CREATE FUNCTION pg_temp.numbers(lo bigint, hi bigint) RETURNS SETOF bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 2000 AS $$
    SELECT generate_series(lo, hi - 1)
$$;

CREATE FUNCTION pg_temp.first_name(kind text, n bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.pick_skewed(kind || ' first name', n, ARRAY[
        'Maria', 'James', 'Anna', 'Mohammed', 'Sofia', 'Wei', 'Olivia', 'Lucas', 'Emma', 'Noah', 'Fatima', 'Liam',
        'Chloe', 'Hiroshi', 'Priya', 'Carlos', 'Ingrid', 'Kwame', 'Elena', 'Arjun', 'Camille', 'Jonas', 'Leila',
        'Mateo', 'Yuki', 'Amara', 'Pavel', 'Freya', 'Omar', 'Giulia', 'Tomás', 'Zeynep', 'Nikolai', 'Aisha', 'Björn',
        'Mei', 'Rafael', 'Hannah', 'Tariq', 'Saoirse', 'Andrzej', 'Lakshmi', 'Dmitri', 'Beatriz', 'Finn', 'Nadia',
        'Viktor', 'Ama', 'Henrik', 'Rosa'
    ])
$$;

CREATE FUNCTION pg_temp.last_name(kind text, n bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.pick_skewed(kind || ' last name', n, ARRAY[
        'Smith', 'Garcia', 'Wang', 'Müller', 'Martin', 'Singh', 'Silva', 'Kim', 'Rossi', 'Nguyen', 'Johnson', 'Ali',
        'Tanaka', 'Novak', 'Dubois', 'Andersson', 'Kowalski', 'Brown', 'Hassan', 'Fernandez', 'Ivanov', 'Okafor',
        'Janssen', 'Costa', 'O''Brien', 'Schmidt', 'Patel', 'Jensen', 'Lopez', 'Yılmaz', 'Williams', 'Popescu',
        'Moreau', 'Sato', 'Mensah', 'Bianchi', 'Horvat', 'Virtanen', 'Cohen', 'Ramirez', 'Haddad', 'Lindqvist',
        'Murphy', 'Petrov', 'Chen', 'Weber', 'Osei', 'Rahman', 'van Dijk', 'Papadopoulos'
    ])
$$;
