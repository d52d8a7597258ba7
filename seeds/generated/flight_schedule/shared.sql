-- Who flies with whom and when. Week by week the lessons are spread over slots (an instructor, a day and one of seven
-- times), each of which is taken once; a student has one instructor, an aircraft one instructor at a time. So nobody
-- is in two places, and no lesson overlaps another.

-- User 0 is the administrator, then come the instructors, then the students.
CREATE FUNCTION pg_temp.users() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.scale()
$$;

CREATE FUNCTION pg_temp.instructors() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT greatest(least((pg_temp.scale() - 1) / 2, (pg_temp.scale() + 9) / 10), 0)
$$;

CREATE FUNCTION pg_temp.students() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT greatest(pg_temp.scale() - 1 - pg_temp.instructors(), 0)
$$;

-- Three for each user; none in a school without an instructor and a student.
CREATE FUNCTION pg_temp.lessons() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN pg_temp.instructors() > 0 THEN 3 * pg_temp.scale() ELSE 0 END
$$;

-- How many lessons there are up to the end of each week. The weeks begin the day after since() and go three beyond
-- until(), with fewer lessons the farther they are: they are still being booked.
CREATE FUNCTION pg_temp.lessons_by_week() RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH weeks AS (
        SELECT
            week,
            pg_temp.season(pg_temp.since() + make_interval(days => 4 + 7 * week))
            * exp(-1.2 * greatest(extract(epoch FROM (
                pg_temp.since() + make_interval(days => 4 + 7 * week) - pg_temp.until()
            )) / 604800, 0)) AS weight
        FROM generate_series(
            0, ceil(extract(epoch FROM pg_temp.until() - pg_temp.since()) / 604800)::int + 2
        ) AS week
    )

    SELECT array_agg(up_to ORDER BY week)
    FROM (
        SELECT
            week,
            round(pg_temp.lessons() * sum(weight) OVER (ORDER BY week) / sum(weight) OVER ())::bigint AS up_to
        FROM weeks
    ) AS w
$$;

-- A number without a common divisor with `slots`, about 0.618 of it: multiplying by it scatters without meeting.
CREATE FUNCTION pg_temp.stride(slots bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT min(s)
    FROM generate_series((slots * 0.618)::bigint + 1, (slots * 0.618)::bigint + 1000) AS s
    WHERE gcd(s, slots) = 1
$$;

CREATE FUNCTION pg_temp.slots_a_week() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 49 * pg_temp.instructors()
$$;

CREATE FUNCTION pg_temp.slot_stride() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.stride(pg_temp.slots_a_week())
$$;

-- The times of a day are an hour and a half apart; no lesson is longer. The last one is kept for lessons that were moved.
CREATE FUNCTION pg_temp.slot_time(day date, slot bigint) RETURNS timestamp with time zone
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT timezone('America/Los_Angeles', day + time '07:00' + slot * interval '90 minutes')
$$;

CREATE FUNCTION pg_temp.joined(n bigint) RETURNS timestamp with time zone
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT pg_temp.moment(
        'joined', n, pg_temp.since() - interval '2 years', pg_temp.since() - interval '1 day'
    )
$$;

CREATE FUNCTION pg_temp.training_level(student bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_temp.pick('training level', student, ARRAY[
        'STUDENT_PILOT', 'STUDENT_PILOT', 'STUDENT_PILOT', 'STUDENT_PILOT', 'PRIVATE_PILOT', 'PRIVATE_PILOT',
        'INSTRUMENT_RATED'
    ])
$$;

CREATE FUNCTION pg_temp.airfields() RETURNS TABLE (field bigint, code text, latitude numeric, longitude numeric)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    VALUES
    (0::bigint, 'KPAO', 37.461111, -122.115000),
    (1, 'KSQL', 37.511944, -122.249444),
    (2, 'KHWD', 37.659167, -122.121667),
    (3, 'KRHV', 37.332778, -121.819167),
    (4, 'KLVK', 37.693333, -121.820278),
    (5, 'KCCR', 37.989722, -122.056944),
    (6, 'KAPC', 38.213194, -122.280694),
    (7, 'KWVI', 36.935722, -121.789611),
    (8, 'KSTS', 38.508975, -122.812875),
    (9, 'KMRY', 36.587000, -121.842944)
$$;

-- The facts of lessons lo to hi - 1. `moved_to` is NULL unless the weather moved the lesson to another day.
-- `warned_at` is NULL unless the weather was in doubt.
CREATE FUNCTION pg_temp.facts(lo bigint, hi bigint) RETURNS TABLE (
    n bigint,
    student bigint,
    instructor bigint,
    aircraft text,
    departure bigint,
    arrival bigint,
    scheduled timestamp with time zone,
    minutes int,
    level text,
    moved_to timestamp with time zone,
    status text,
    created timestamp with time zone,
    warned_at timestamp with time zone
)
LANGUAGE sql STABLE AS $$
    WITH placed AS MATERIALIZED (
        SELECT
            k.n,
            k.week,
            mod(
                (k.n - coalesce((pg_temp.lessons_by_week())[k.week], 0)) * pg_temp.slot_stride()
                + pg_temp.between('week', k.week, 0, 1000000),
                pg_temp.slots_a_week()
            ) AS place
        FROM (
            SELECT s.n, width_bucket(s.n, pg_temp.lessons_by_week()) AS week FROM pg_temp.numbers(lo, hi) AS s (n)
            OFFSET 0
        ) AS k
    ),

    timed AS MATERIALIZED (
        SELECT
            p.n,
            p.place / 49 AS instructor,
            d.day,
            mod(p.place / 7, 7) AS slot,
            pg_temp.slot_time(d.day, mod(p.place / 7, 7)) AS scheduled
        FROM placed AS p
        CROSS JOIN LATERAL (
            SELECT (pg_temp.since() AT TIME ZONE 'UTC')::date + 1 + 7 * p.week + mod(p.place, 7)::int AS day OFFSET 0
        ) AS d
    ),

    fated AS MATERIALIZED (
        SELECT
            t.*,
            pg_temp.unit('fate', t.n) AS fate,
            -- one time of a day is moved at most, so that the places kept for moved lessons suffice
            CASE
                WHEN mod(t.day - date '2000-01-01', 7) = t.slot AND pg_temp.chance('moved', t.n, 0.6)
                    THEN pg_temp.slot_time(t.day + 2, 7)
            END AS moved_to,
            pg_temp.skewed('student', t.n, (pg_temp.students() - t.instructor - 1) / pg_temp.instructors() + 1)
            * pg_temp.instructors() + t.instructor AS student,
            extract(epoch FROM t.scheduled - pg_temp.until()) / 3600 AS hours_left,
            extract(epoch FROM t.scheduled - pg_temp.since()) / 3600 AS hours_since
        FROM timed AS t
    ),

    booked AS MATERIALIZED (
        SELECT
            f.*,
            f.moved_to IS NOT NULL AND f.hours_left < 0 AS is_moved,
            -- lessons are booked a week and a half ahead on average, those of the future have been by now
            f.scheduled - make_interval(secs => floor(3600 * (
                l.least_hours - 250 * ln(
                    1 - pg_temp.unit('ahead', f.n) * (1 - exp((l.least_hours - f.hours_since) / 250))
                )
            ))) AS created
        FROM fated AS f
        CROSS JOIN LATERAL (SELECT greatest(3, f.hours_left + 0.1)::double precision AS least_hours OFFSET 0) AS l
    ),

    judged AS MATERIALIZED (
        SELECT
            b.*,
            CASE
                WHEN b.is_moved THEN 'CANCELLED'
                WHEN b.fate < 0.08 THEN 'CANCELLED'
                WHEN b.hours_left < 0 THEN 'COMPLETED'
                WHEN b.hours_left < 72 AND b.fate < 0.2 THEN 'RESCHEDULING'
                WHEN b.hours_left < 72 AND b.fate < 0.4 THEN 'AT_RISK'
                ELSE 'CONFIRMED'
            END AS status
        FROM booked AS b
    )

    SELECT
        j.n,
        1 + pg_temp.instructors() + j.student,
        1 + j.instructor,
        -- every day the fleet is dealt out anew
        'N' || to_char(100 + mod(j.instructor + (j.day - date '2000-01-01'), pg_temp.instructors()), 'FM99999000')
        || pg_temp.pick('tail', mod(j.instructor + (j.day - date '2000-01-01'), pg_temp.instructors()), ARRAY['SP', 'ND', 'CP']),
        mod(j.instructor, 5),
        CASE WHEN pg_temp.chance('away', j.n, 0.3) THEN 5 + mod(j.n, 5) ELSE mod(j.instructor, 5) END,
        j.scheduled,
        pg_temp.pick('minutes', j.n, ARRAY[60, 60, 60, 90, 90, 45]),
        pg_temp.training_level(1 + pg_temp.instructors() + j.student),
        CASE WHEN j.is_moved THEN j.moved_to END,
        j.status,
        j.created,
        CASE
            WHEN j.is_moved OR j.status IN ('AT_RISK', 'RESCHEDULING')
                THEN greatest(j.created, least(
                    j.scheduled - interval '1 hour' * pg_temp.between('warned', j.n, 3, 48),
                    pg_temp.until() - interval '15 minutes' * pg_temp.between('lately', j.n, 1, 40)
                ))
        END
    FROM judged AS j
$$;
