-- airside: per booking, as each tenant
-- There and back.
INSERT INTO flight_bookings (
    id,
    tenant_id,
    airline_code,
    flight_number,
    origin_airport,
    destination_airport,
    departure_at,
    arrival_at,
    cabin_class,
    pnr,
    passengers,
    details,
    created_at,
    updated_at
)
SELECT
    pg_temp.id('flight', t.n * 2 + w.way),
    pg_temp.id('tenant', t.tenant),
    t.airline,
    t.airline || pg_temp.between('flight number', t.origin * 16 + t.destination, 100, 998) + w.way,
    CASE w.way WHEN 0 THEN o.airport ELSE d.airport END,
    CASE w.way WHEN 0 THEN d.airport ELSE o.airport END,
    t.departs + make_interval(days => w.way * t.nights, mins => w.way * t.minutes),
    t.departs + make_interval(days => w.way * t.nights, mins => (w.way + 1) * t.minutes),
    t.cabin,
    CASE WHEN NOT t.nameless THEN pg_temp.code(t.n * 2 + w.way) END,
    CASE WHEN t.nameless THEN '[]'::jsonb ELSE t.passengers END,
    CASE
        WHEN t.nameless THEN '{}'::jsonb
        ELSE jsonb_build_object('bags', pg_temp.between('bags', t.n, 0, t.people), 'minutes', t.minutes)
    END,
    t.created,
    t.changed
FROM (
    SELECT
        f.*,
        pg_temp.pick('airline', f.origin * 16 + f.destination, ARRAY['BA', 'AF', 'EK', 'LH', 'DL', 'SQ', 'TK']) AS airline,
        (
            SELECT
                jsonb_agg(
                    jsonb_build_object(
                        'first_name', pg_temp.first_name('user', p.n), 'last_name', pg_temp.last_name('user', f.person)
                    )
                    ORDER BY p.k
                )
            FROM (
                SELECT k, CASE k WHEN 0 THEN f.person ELSE f.n * 4 + k END AS n
                FROM generate_series(0, f.people - 1) AS k
                OFFSET 0
            ) AS p
        ) AS passengers
    FROM pg_temp.trips(%(lo)s, %(hi)s) AS f
    WHERE f.flies
    OFFSET 0
) AS t
INNER JOIN pg_temp.cities() AS o ON t.origin = o.city
INNER JOIN pg_temp.cities() AS d ON t.destination = d.city
CROSS JOIN generate_series(0, 1) AS w (way);
