-- airside: per search
-- Seven in ten are signed in; the others are nobody.
INSERT INTO search_history (
    id, user_id, origin_airport, destination_airport, departure_date, return_date, passengers_adult, passengers_child,
    passengers_infant, cabin_class, results_count, cheapest_price, most_expensive_price, average_price,
    response_time_ms, cache_hit, gds_providers, session_id, ip_address, user_agent, created_at
)
SELECT
    pg_temp.id('search', s.n),
    CASE WHEN s.known THEN pg_temp.id('user', s.u) END,
    pg_temp.airport(s.origin),
    pg_temp.airport(s.destination),
    s.departs,
    CASE WHEN pg_temp.chance('search returns', s.n, 0.6)
        THEN s.departs + pg_temp.between('search stay', s.n, 1, 21)::int
    END,
    pg_temp.pick('search adults', s.n, ARRAY[1, 1, 1, 2, 2, 3]),
    pg_temp.pick('search children', s.n, ARRAY[0, 0, 0, 0, 0, 0, 1, 2]),
    0,
    pg_temp.pick_skewed('search cabin', s.n, ARRAY['ECONOMY', 'ECONOMY', 'ECONOMY', 'PREMIUM_ECONOMY', 'BUSINESS']),
    s.results,
    CASE WHEN s.results > 0 THEN s.cheapest END,
    CASE WHEN s.results > 0 THEN round(s.cheapest * 4.2, 2) END,
    CASE WHEN s.results > 0 THEN round(s.cheapest * 1.9, 2) END,
    CASE WHEN s.cached THEN 20 ELSE 400 END + pg_temp.between('search took', s.n, 0, 900)::int,
    s.cached,
    CASE WHEN s.cached THEN '{}' ELSE pg_temp.pick('search providers', s.n, ARRAY[
        '{AMADEUS,SABRE}', '{AMADEUS}', '{AMADEUS,SABRE,TRAVELPORT}'
    ])::character varying [] END,
    pg_temp.id('browsing', s.n / 3),
    CASE WHEN s.known THEN pg_temp.user_address(s.u) ELSE pg_temp.user_address(s.n) END,
    pg_temp.user_agent(CASE WHEN s.known THEN s.u ELSE s.n END),
    s.created_at
FROM (
    SELECT
        b.*,
        (b.created_at AT TIME ZONE 'UTC')::date
        + 1 + floor(300 * power(pg_temp.unit('search lead', b.n), 2.2))::int AS departs,
        round((40 + 0.08 * pg_temp.kilometres(b.origin, b.destination)
            * (0.85 + 0.4 * pg_temp.unit('search price', b.n)))::numeric, 2) AS cheapest
    FROM (
        SELECT
            a.*,
            pg_temp.chance('search cached', a.n, 0.55) AS cached,
            CASE WHEN pg_temp.chance('search finds nothing', a.n, 0.03) THEN 0
                ELSE pg_temp.between('search results', a.n, 3, 180)::int
            END AS results
        FROM pg_temp.search_facts(%(lo)s, %(hi)s) AS a
        OFFSET 0
    ) AS b
    OFFSET 0
) AS s;
