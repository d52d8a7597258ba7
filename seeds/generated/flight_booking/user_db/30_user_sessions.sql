-- airside: per user
-- Who was here in the last month of the span is still signed in on one device or two; a session ends after thirty days.
INSERT INTO user_sessions (
    id, user_id, token_hash, device_info, ip_address, expires_at, created_at, last_used
)
SELECT
    pg_temp.id('session', d.session),
    pg_temp.id('user', d.n),
    encode(sha256(pg_temp.id('token', d.session)::text::bytea), 'hex'),
    jsonb_build_object(
        'device', pg_temp.pick('device', d.session, ARRAY['phone', 'phone', 'desktop', 'tablet']),
        'browser', pg_temp.pick('browser', d.session, ARRAY['Chrome', 'Chrome', 'Safari', 'Firefox'])
    ),
    ('198.51.100.' || mod(pg_temp.hash('address', d.session), 256))::inet,
    d.signed_in + interval '30 days',
    d.signed_in,
    pg_temp.moment('last used', d.session, d.signed_in, pg_temp.until())
FROM (
    SELECT
        s.n,
        s.n * 2 + k.k AS session,
        pg_temp.moment(
            'signed in',
            s.n * 2 + k.k,
            greatest(pg_temp.joined(s.n), pg_temp.until() - interval '30 days'),
            pg_temp.until()
        ) AS signed_in
    FROM pg_temp.numbers(%(lo)s, %(hi)s) AS s (n)
    CROSS JOIN (VALUES (0, 0.6), (1, 0.25)) AS k (k, share)
    WHERE pg_temp.chance('signed in', s.n * 2 + k.k, k.share)
    OFFSET 0
) AS d;
