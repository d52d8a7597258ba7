-- airside: per search
-- Searches of the last hours of the span. The cache is swept every hour: few are past their time.
INSERT INTO flight_search_cache (
    id, search_hash, search_params, results, hit_count, expires_at, created_at, updated_at
)
SELECT
    pg_temp.id('flight search', c.n),
    encode(sha256(pg_temp.id('flight search', c.n)::text::bytea), 'hex'),
    jsonb_build_object(
        'from', o.airport, 'to', d.airport, 'date', (c.searched AT TIME ZONE 'UTC')::date + c.days_ahead, 'adults', c.adults
    ),
    jsonb_build_object('offers', (
        SELECT jsonb_agg(jsonb_build_object('price', 80 + mod(pg_temp.hash('offer', c.n * 8 + k), 900)) ORDER BY k)
        FROM generate_series(1, 1 + mod(c.n, 5)::int) AS k
    )),
    pg_temp.skewed('hits', c.n, 60),
    c.searched + interval '6 hours',
    c.searched,
    c.searched
FROM (
    SELECT
        s.n,
        pg_temp.home(s.n) AS origin,
        pg_temp.elsewhere('search', s.n, pg_temp.home(s.n)) AS destination,
        pg_temp.between('days ahead', s.n, 1, 120)::int AS days_ahead,
        pg_temp.between('adults', s.n, 1, 4) AS adults,
        pg_temp.moment('searched', s.n, pg_temp.until() - interval '7 hours', pg_temp.until()) AS searched
    FROM pg_temp.numbers(%(lo)s, %(hi)s) AS s (n)
    OFFSET 0
) AS c
INNER JOIN pg_temp.cities() AS o ON c.origin = o.city
INNER JOIN pg_temp.cities() AS d ON c.destination = d.city;
