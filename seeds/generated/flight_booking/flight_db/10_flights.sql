-- airside: per flight
INSERT INTO flights (
    id,
    flight_number,
    airline_id,
    route_id,
    aircraft_type_id,
    departure_time,
    arrival_time,
    days_of_week,
    effective_from,
    effective_until,
    status,
    created_at,
    arrival_day_offset
)
SELECT
    pg_temp.id('flight', f.n),
    f.flight_number,
    a.id,
    r.id,
    t.id,
    f.leaves,
    f.local_arrival::time,
    (
        SELECT array_agg(w.day ORDER BY w.day)
        FROM (
            SELECT
                date_part(
                    'isodow', pg_temp.first_day() + pg_temp.day_of_departure(f.leg, turn, f.frequency)
                )::int AS day
            FROM generate_series(0, f.frequency - 1) AS turn
        ) AS w
    ),
    f.effective_from,
    pg_temp.change_of_timetable(f.timetable + 1) - 1,
    'active',
    f.published,
    f.local_arrival::date - f.sample_day
FROM (
    SELECT
        k.n,
        k.timetable,
        l.leg,
        l.frequency,
        l.flight_number,
        l.airline,
        l.aircraft,
        l.origin,
        l.destination,
        l.leaves,
        k.effective_from,
        -- in the middle of the season, when clocks at both ends are set for it
        k.effective_from + 60 AS sample_day,
        timezone(
            l.destination_zone,
            timezone(l.zone, k.effective_from + 60 + l.leaves) + make_interval(mins => l.minutes)
        ) AS local_arrival,
        timezone('UTC', k.effective_from + time '09:00') - interval '200 days' AS published
    FROM (
        SELECT
            s.n,
            s.n / pg_temp.timetables() AS leg,
            pg_temp.first_timetable() + mod(s.n, pg_temp.timetables())::int AS timetable,
            pg_temp.change_of_timetable(
                pg_temp.first_timetable() + mod(s.n, pg_temp.timetables())::int
            ) AS effective_from
        FROM pg_temp.numbers(%(lo)s, %(hi)s) AS s (n)
        OFFSET 0
    ) AS k
    INNER JOIN pg_temp.leg AS l ON k.leg = l.leg
    OFFSET 0
) AS f
INNER JOIN airlines AS a ON f.airline = a.iata_code
INNER JOIN aircraft_types AS t ON f.aircraft = t.iata_code
INNER JOIN airports AS o ON f.origin = o.iata_code
INNER JOIN airports AS d ON f.destination = d.iata_code
INNER JOIN routes AS r ON o.id = r.origin_airport_id AND d.id = r.destination_airport_id;
