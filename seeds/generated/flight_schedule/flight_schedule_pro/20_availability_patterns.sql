-- airside: per user
-- Instructors have hours on six days of the week, students on two.
INSERT INTO availability_patterns (
    id, user_id, day_of_week, start_time, end_time, is_active, created_at, updated_at
)
SELECT
    pg_temp.id('pattern', a.pattern),
    pg_temp.id('user', a.n),
    mod(a.n + a.k, 7),
    time '07:00' + a.late * interval '1 hour',
    time '13:00' + a.late * interval '1 hour' + pg_temp.between('longer', a.pattern, 0, 4) * interval '1 hour',
    pg_temp.chance('active', a.pattern, 0.93),
    a.joined,
    a.joined
FROM (
    SELECT
        s.n,
        k.k,
        s.n * 7 + k.k AS pattern,
        pg_temp.between('late', s.n * 7 + k.k, 0, 5) AS late,
        pg_temp.joined(s.n) AS joined
    FROM pg_temp.numbers(%(lo)s, %(hi)s) AS s (n)
    CROSS JOIN generate_series(0, CASE WHEN s.n <= pg_temp.instructors() THEN 5 ELSE 1 END) AS k (k)
    WHERE s.n > 0
    OFFSET 0
) AS a;
