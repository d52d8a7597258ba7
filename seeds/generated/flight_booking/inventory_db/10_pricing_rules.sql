-- airside: per flight
INSERT INTO pricing_rules (
    id, flight_id, class, base_price, currency, rules, effective_from, effective_until, created_at
)
SELECT
    pg_temp.id('price of ' || c.class, f.n),
    pg_temp.id('flight', f.n),
    c.class,
    pg_temp.base_price(l.minutes, c.class, l.currency),
    l.currency,
    jsonb_build_object(
        'days_ahead', jsonb_build_array(
            jsonb_build_object('from', 60, 'factor', 0.85), jsonb_build_object('from', 0, 'factor', 1.4)
        ),
        'load', jsonb_build_array(
            jsonb_build_object('above', 0.5, 'factor', 1.15), jsonb_build_object('above', 0.8, 'factor', 1.4)
        )
    ),
    f.effective_from,
    pg_temp.change_of_timetable(f.timetable + 1) - 1,
    timezone('UTC', f.effective_from + time '09:00') - interval '200 days'
FROM (
    SELECT k.n, k.leg, k.timetable, pg_temp.change_of_timetable(k.timetable) AS effective_from
    FROM (
        SELECT
            s.n,
            s.n / pg_temp.timetables() AS leg,
            pg_temp.first_timetable() + mod(s.n, pg_temp.timetables())::int AS timetable
        FROM pg_temp.numbers(%(lo)s, %(hi)s) AS s (n)
        OFFSET 0
    ) AS k
    OFFSET 0
) AS f
INNER JOIN pg_temp.leg AS l ON f.leg = l.leg
INNER JOIN pg_temp.cabin AS c ON l.aircraft = c.aircraft;
