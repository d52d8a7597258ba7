-- airside: per user
INSERT INTO users (
    id,
    email,
    password_hash,
    first_name,
    last_name,
    phone,
    date_of_birth,
    nationality,
    passport_number,
    passport_expiry,
    frequent_flyer_numbers,
    preferences,
    status,
    email_verified,
    phone_verified,
    created_at,
    updated_at,
    last_login,
    anonymized_at
)
SELECT
    pg_temp.id('user', u.n),
    pg_temp.email(u.n),
    'scrypt$' || encode(sha256(pg_temp.id('password', u.n)::text::bytea), 'hex'),
    pg_temp.first_name('user', u.n),
    pg_temp.last_name('user', u.n),
    CASE WHEN u.phone THEN '+1646555' || to_char(mod(u.n, 10000), 'FM0000') END,
    date '1950-01-01' + pg_temp.between('born', u.n, 0, 20000)::int,
    pg_temp.pick('nationality', u.n, ARRAY['USA', 'GBR', 'DEU', 'FRA', 'ESP', 'IND', 'JPN', 'AUS', 'BRA', 'CAN']),
    CASE WHEN u.passport THEN 'P' || pg_temp.between('passport', u.n, 10000000, 99999999) END,
    CASE
        WHEN u.passport
            THEN (pg_temp.until() AT TIME ZONE 'UTC')::date + pg_temp.between('passport expiry', u.n, 100, 3500)::int
    END,
    CASE
        WHEN pg_temp.chance('frequent flyer', u.n, 0.3)
            THEN jsonb_build_object(
                pg_temp.pick('loyal to', u.n, ARRAY['BA', 'LH', 'AA', 'DL', 'SQ', 'QF']),
                pg_temp.between('frequent flyer number', u.n, 100000000, 999999999)::text
            )
    END,
    jsonb_build_object(
        'seat', pg_temp.pick('seat', u.n, ARRAY['window', 'aisle', 'aisle', 'any']),
        'newsletter', pg_temp.chance('newsletter', u.n, 0.4)
    ),
    CASE
        WHEN pg_temp.chance('suspended', u.n, 0.005) THEN 'suspended'
        WHEN pg_temp.chance('inactive', u.n, 0.03) THEN 'inactive'
        ELSE 'active'
    END,
    pg_temp.chance('verified', u.n, 0.93),
    u.phone AND pg_temp.chance('phone verified', u.n, 0.7),
    u.joined,
    pg_temp.moment('updated', u.n, u.joined, pg_temp.until()),
    pg_temp.moment('last login', u.n, greatest(u.joined, pg_temp.until() - interval '90 days'), pg_temp.until()),
    NULL
FROM (
    SELECT
        s.n,
        pg_temp.joined(s.n) AS joined,
        pg_temp.chance('phone', s.n, 0.75) AS phone,
        pg_temp.chance('has passport', s.n, 0.7) AS passport
    FROM pg_temp.numbers(%(lo)s, %(hi)s) AS s (n)
    OFFSET 0
) AS u;
