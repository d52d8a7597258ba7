-- airside: per user
-- The sessions of the last sixty days: older ones are cleaned up.
INSERT INTO user_sessions (
    id, user_id, token_hash, refresh_token_hash, device_type, device_id, user_agent, ip_address, country_code, city,
    created_at, expires_at, last_activity_at, revoked_at
)
SELECT
    pg_temp.id('session', s.m),
    pg_temp.id('user', s.n),
    encode(sha256(int8send(pg_temp.hash('session token', s.m))), 'hex'),
    encode(sha256(int8send(pg_temp.hash('session refresh token', s.m))), 'hex'),
    pg_temp.pick('session device', s.m, ARRAY['WEB', 'WEB', 'IOS', 'ANDROID']),
    'device-' || pg_temp.code(s.m),
    pg_temp.user_agent(s.n),
    pg_temp.user_address(s.n),
    pg_temp.airport_country(s.home),
    pg_temp.airport_city(s.home),
    s.created_at,
    s.created_at + interval '30 days',
    pg_temp.moment('session active', s.m, s.created_at, least(s.created_at + interval '30 days', pg_temp.until())),
    CASE WHEN pg_temp.chance('session revoked', s.m, 0.1)
        THEN pg_temp.moment('session revoked at', s.m, s.created_at, least(s.created_at + interval '30 days', pg_temp.until()))
    END
FROM (
    SELECT
        u.n,
        u.home,
        u.n * 4 + k AS m,
        pg_temp.moment(
            'session created', u.n * 4 + k, greatest(u.created_at, pg_temp.until() - interval '60 days'), pg_temp.until()
        ) AS created_at
    FROM (
        SELECT
            i AS n,
            pg_temp.user_home(i) AS home,
            pg_temp.user_created_at(i) AS created_at
        FROM pg_temp.numbers(%(lo)s, %(hi)s) AS i
        WHERE i < pg_temp.bookers()
        OFFSET 0
    ) AS u
    CROSS JOIN generate_series(0, 2) AS k
    WHERE pg_temp.chance('session', u.n * 4 + k, 0.45)
    OFFSET 0
) AS s;
