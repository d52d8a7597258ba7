-- airside: per booking
INSERT INTO booking_passengers (
    id, booking_id, passenger_type, title, first_name, last_name, date_of_birth, gender, nationality, passport_number,
    passport_country, passport_expiry_date, frequent_flyer_airline, frequent_flyer_number, ticket_number,
    ticket_status, created_at, updated_at, booking_departure_datetime
)
SELECT
    pg_temp.id('passenger', p.p),
    pg_temp.id('booking', p.n),
    p.kind,
    (ARRAY['MS', 'MR', 'MISS', 'MSTR'])[1 + p.male::int + CASE WHEN p.kind = 'ADULT' THEN 0 ELSE 2 END],
    CASE WHEN p.k = 0 THEN pg_temp.first_name('user', p.u) ELSE pg_temp.first_name('passenger', p.p) END,
    CASE WHEN p.k = 0 OR pg_temp.chance('passenger is family', p.p, 0.7) THEN pg_temp.last_name('user', p.u)
        ELSE pg_temp.last_name('passenger', p.p)
    END,
    CASE
        WHEN p.k = 0 THEN pg_temp.user_born(p.u)
        ELSE (p.departs AT TIME ZONE 'UTC')::date - CASE p.kind
            WHEN 'ADULT' THEN pg_temp.between('passenger born', p.p, 6600, 26000)
            WHEN 'CHILD' THEN pg_temp.between('passenger born', p.p, 800, 4300)
            ELSE pg_temp.between('passenger born', p.p, 30, 650)
        END::int
    END,
    CASE WHEN p.male THEN 'MALE' ELSE 'FEMALE' END,
    p.country,
    CASE WHEN p.abroad THEN pg_temp.passport_number('passenger', p.p) END,
    CASE WHEN p.abroad THEN p.country END,
    CASE WHEN p.abroad THEN pg_temp.passport_expiry('passenger', p.p) END,
    CASE WHEN p.loyal THEN pg_temp.airline(p.airline) END,
    CASE WHEN p.loyal THEN pg_temp.code(p.p) END,
    -- 3141592653 and 10^10 have no common factor: no number comes twice
    CASE WHEN p.confirmed_at IS NOT NULL
        THEN '220' || lpad(mod(p.p * 3141592653, 10000000000)::text, 10, '0')
    END,
    CASE
        WHEN p.confirmed_at IS NULL THEN NULL
        WHEN p.status = 'REFUNDED' THEN 'REFUNDED'
        WHEN p.status = 'CANCELLED' THEN 'VOIDED'
        ELSE 'ISSUED'
    END,
    p.created_at,
    p.changed_at,
    p.departs
FROM (
    SELECT
        f.*,
        pg_temp.chance('passenger is male', f.p, 0.5) AS male,
        f.k = 0 AND pg_temp.chance('passenger is loyal', f.p, 0.3) AS loyal,
        pg_temp.airport_country(pg_temp.user_home(f.u)) AS country
    FROM pg_temp.passenger_facts(%(lo)s, %(hi)s) AS f
    OFFSET 0
) AS p;
