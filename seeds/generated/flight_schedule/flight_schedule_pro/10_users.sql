-- airside: per user
INSERT INTO users (
    id, cognito_user_id, email, first_name, last_name, phone_number, role, training_level, created_at, updated_at
)
SELECT
    pg_temp.id('user', u.n),
    'us-west-2_' || replace(pg_temp.id('cognito', u.n)::text, '-', ''),
    'pilot' || u.n || '@flightschool.example',
    pg_temp.first_name('user', u.n),
    pg_temp.last_name('user', u.n),
    CASE WHEN pg_temp.chance('phone', u.n, 0.85) THEN '+1415555' || to_char(mod(u.n, 10000), 'FM0000') END,
    u.role,
    CASE WHEN u.role = 'STUDENT' THEN pg_temp.training_level(u.n) END,
    u.joined,
    u.joined + interval '1 hour' * pg_temp.between('profile', u.n, 0, 20)
FROM (
    SELECT
        s.n,
        CASE WHEN s.n = 0 THEN 'ADMIN' WHEN s.n <= pg_temp.instructors() THEN 'INSTRUCTOR' ELSE 'STUDENT' END AS role,
        pg_temp.joined(s.n) AS joined
    FROM pg_temp.numbers(%(lo)s, %(hi)s) AS s (n)
    OFFSET 0
) AS u;
