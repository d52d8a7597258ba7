-- airside: per user
INSERT INTO users (id, name, email, password_hash, phone, role, email_verified, created_at, updated_at)
SELECT
    pg_temp.row_id(u.n),
    u.first_name || ' ' || u.last_name,
    'traveller' || u.n || '@exotic.example',
    '$2b$12$' || left(translate(encode(sha256(pg_temp.id('password', u.n)::text::bytea), 'base64'), '+=', './') || 'abcdefghijkl', 53),
    CASE WHEN pg_temp.chance('phone', u.n, 0.7) THEN '+1202555' || to_char(mod(u.n, 10000), 'FM0000') END,
    CASE WHEN u.n = 0 THEN 'admin' WHEN pg_temp.chance('moderator', u.n, 0.005) THEN 'moderator' ELSE 'user' END,
    pg_temp.chance('verified', u.n, 0.9),
    u.joined,
    pg_temp.moment('updated', u.n, u.joined, pg_temp.until())
FROM (
    SELECT
        s.n,
        pg_temp.first_name('user', s.n) AS first_name,
        pg_temp.last_name('user', s.n) AS last_name,
        pg_temp.joined(s.n) AS joined
    FROM pg_temp.numbers(%(lo)s, %(hi)s) AS s (n)
    OFFSET 0
) AS u;
