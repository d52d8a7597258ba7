-- airside: per lesson
-- Both people rank the options; who moved a lesson agreed on the second, an open one may be waiting for its ranking.
INSERT INTO preference_rankings (
    id,
    booking_id,
    user_id,
    option1_id,
    option2_id,
    option3_id,
    unavailable_option_ids,
    deadline,
    submitted_at,
    created_at
)
SELECT
    pg_temp.id('ranking', r.ranking),
    pg_temp.id('booking', r.n),
    pg_temp.id('user', r.person),
    CASE WHEN r.submitted THEN pg_temp.id('option', r.n * 3 + 1) END,
    CASE WHEN r.submitted THEN pg_temp.id('option', r.n * 3) END,
    CASE WHEN r.submitted AND NOT r.unable THEN pg_temp.id('option', r.n * 3 + 2) END,
    CASE WHEN r.submitted AND r.unable THEN ARRAY[pg_temp.id('option', r.n * 3 + 2)] ELSE '{}'::uuid[] END,
    preference_deadline(r.scheduled, r.warned_at),
    CASE
        WHEN r.submitted
            THEN least(
                r.warned_at + interval '1 minute' * pg_temp.between('submitted', r.ranking, 2, 110),
                preference_deadline(r.scheduled, r.warned_at),
                pg_temp.until()
            )
    END,
    r.warned_at + interval '1 minute'
FROM (
    SELECT
        f.n,
        f.scheduled,
        f.warned_at,
        f.n * 2 + k.k AS ranking,
        CASE k.k WHEN 0 THEN f.student ELSE f.instructor END AS person,
        f.moved_to IS NOT NULL OR pg_temp.chance('ranked', f.n * 2 + k.k, 0.5) AS submitted,
        pg_temp.chance('unable', f.n * 2 + k.k, 0.2) AS unable
    FROM pg_temp.facts(%(lo)s, %(hi)s) AS f
    CROSS JOIN generate_series(0, 1) AS k (k)
    WHERE f.moved_to IS NOT NULL OR f.status = 'RESCHEDULING'
    OFFSET 0
) AS r;
