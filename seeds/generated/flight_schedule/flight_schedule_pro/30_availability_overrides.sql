-- airside: per user
INSERT INTO availability_overrides (
    id, user_id, override_date, start_time, end_time, is_blocked, reason, created_at
)
SELECT
    pg_temp.id('override', o.n),
    pg_temp.id('user', o.n),
    o.day,
    CASE WHEN o.part THEN time '09:00' END,
    CASE WHEN o.part THEN time '12:30' END,
    o.blocked,
    CASE
        WHEN o.blocked THEN pg_temp.pick('blocked', o.n, ARRAY['Holiday', 'Exam', 'Family visit', 'Medical', NULL])
        ELSE 'Extra hours'
    END,
    -- entered in the month before
    least((o.day AT TIME ZONE 'UTC') - interval '1 hour' * pg_temp.between('entered', o.n, 12, 700), pg_temp.until())
FROM (
    SELECT
        s.n,
        (pg_temp.moment(
            'override', s.n, pg_temp.since() + interval '31 days', pg_temp.until() + interval '30 days'
        ) AT TIME ZONE 'UTC')::date AS day,
        pg_temp.chance('part', s.n, 0.4) AS part,
        pg_temp.chance('blocked', s.n, 0.85) AS blocked
    FROM pg_temp.numbers(%(lo)s, %(hi)s) AS s (n)
    WHERE s.n > 0 AND pg_temp.chance('overrides', s.n, 0.35)
    OFFSET 0
) AS o;
