-- airside: per lesson
-- To the student and to the instructor: the lesson is booked, the weather is in doubt, there are options.
INSERT INTO notifications (id, user_id, booking_id, type, title, message, read, created_at)
SELECT
    pg_temp.id('notification', m.message),
    pg_temp.id('user', m.person),
    pg_temp.id('booking', m.n),
    m.type,
    CASE m.type
        WHEN 'CONFIRMATION' THEN 'Your lesson is booked'
        WHEN 'WEATHER_ALERT' THEN 'The weather may be too bad for your lesson'
        ELSE 'Choose another time for your lesson'
    END,
    CASE m.type
        WHEN 'CONFIRMATION' THEN 'You fly on '
        WHEN 'WEATHER_ALERT' THEN 'We are watching the forecast for '
        ELSE 'Rank the three times on offer instead of '
    END || to_char(m.scheduled AT TIME ZONE 'America/Los_Angeles', 'FMDD FMMonth YYYY at HH24:MI') || '.',
    m.sent < pg_temp.until() - interval '5 days' OR pg_temp.chance('read', m.message, 0.6),
    m.sent
FROM (
    SELECT
        f.n,
        f.scheduled,
        k.type,
        (f.n * 3 + k.k) * 2 + p.p AS message,
        CASE p.p WHEN 0 THEN f.student ELSE f.instructor END AS person,
        CASE k.k WHEN 0 THEN f.created WHEN 1 THEN f.warned_at ELSE f.warned_at + interval '2 minutes' END AS sent
    FROM pg_temp.facts(%(lo)s, %(hi)s) AS f
    CROSS JOIN (VALUES (0, 'CONFIRMATION'), (1, 'WEATHER_ALERT'), (2, 'OPTIONS_AVAILABLE')) AS k (k, type)
    CROSS JOIN generate_series(0, 1) AS p (p)
    WHERE
        k.k = 0
        OR (k.k = 1 AND f.warned_at IS NOT NULL)
        OR (k.k = 2 AND (f.moved_to IS NOT NULL OR f.status = 'RESCHEDULING'))
    OFFSET 0
) AS m;
