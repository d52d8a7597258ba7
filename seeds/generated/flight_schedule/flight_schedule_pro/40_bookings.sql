-- airside: per lesson
-- A lesson that was moved leaves its first booking behind, cancelled, and has a second one that refers to it.
INSERT INTO bookings (
    id,
    student_id,
    instructor_id,
    aircraft_id,
    departure_airport,
    arrival_airport,
    departure_latitude,
    departure_longitude,
    arrival_latitude,
    arrival_longitude,
    scheduled_datetime,
    status,
    training_level,
    duration_minutes,
    original_booking_id,
    rescheduled_to_datetime,
    created_at,
    updated_at
)
SELECT
    CASE WHEN again THEN pg_temp.id('moved booking', f.n) ELSE pg_temp.id('booking', f.n) END,
    pg_temp.id('user', f.student),
    pg_temp.id('user', f.instructor),
    f.aircraft,
    d.code,
    a.code,
    d.latitude,
    d.longitude,
    a.latitude,
    a.longitude,
    CASE WHEN again THEN f.moved_to ELSE f.scheduled END,
    CASE
        WHEN NOT again THEN f.status
        WHEN f.moved_to < pg_temp.until() THEN 'COMPLETED'
        ELSE 'CONFIRMED'
    END,
    f.level,
    f.minutes,
    CASE WHEN again THEN pg_temp.id('booking', f.n) END,
    CASE WHEN NOT again THEN f.moved_to END,
    CASE WHEN again THEN f.warned_at + interval '2 hours' ELSE f.created END,
    CASE
        WHEN again THEN least(greatest(f.moved_to + f.minutes * interval '1 minute', f.warned_at + interval '2 hours'), pg_temp.until())
        WHEN f.warned_at IS NOT NULL THEN f.warned_at
        WHEN f.status = 'COMPLETED' THEN least(f.scheduled + f.minutes * interval '1 minute', pg_temp.until())
        WHEN f.status = 'CANCELLED'
            THEN pg_temp.moment('cancelled', f.n, f.created, least(f.scheduled, pg_temp.until()))
        ELSE f.created
    END
FROM pg_temp.facts(%(lo)s, %(hi)s) AS f
INNER JOIN pg_temp.airfields() AS d ON f.departure = d.field
INNER JOIN pg_temp.airfields() AS a ON f.arrival = a.field
CROSS JOIN (VALUES (FALSE), (TRUE)) AS v (again)
WHERE NOT again OR f.moved_to IS NOT NULL;
