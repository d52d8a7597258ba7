-- airside: per search
INSERT INTO hotel_search_cache (
    id, search_hash, search_params, results, hit_count, expires_at, created_at, updated_at
)
SELECT
    pg_temp.id('hotel search', c.n),
    encode(sha256(pg_temp.id('hotel search', c.n)::text::bytea), 'hex'),
    jsonb_build_object(
        'city', d.name, 'check_in', (c.searched AT TIME ZONE 'UTC')::date + c.days_ahead, 'nights', c.nights
    ),
    jsonb_build_object('hotels', (
        SELECT jsonb_agg(jsonb_build_object('night', 50 + mod(pg_temp.hash('night', c.n * 8 + k), 400)) ORDER BY k)
        FROM generate_series(1, 1 + mod(c.n, 6)::int) AS k
    )),
    pg_temp.skewed('hotel hits', c.n, 40),
    c.searched + interval '12 hours',
    c.searched,
    c.searched
FROM (
    SELECT
        s.n,
        pg_temp.elsewhere('hotel search', s.n, pg_temp.home(s.n)) AS city,
        pg_temp.between('hotel days ahead', s.n, 1, 120)::int AS days_ahead,
        pg_temp.between('hotel nights', s.n, 1, 10) AS nights,
        pg_temp.moment('hotel searched', s.n, pg_temp.until() - interval '13 hours', pg_temp.until()) AS searched
    FROM pg_temp.numbers(%(lo)s, %(hi)s) AS s (n)
    OFFSET 0
) AS c
INNER JOIN pg_temp.cities() AS d ON c.city = d.city;
