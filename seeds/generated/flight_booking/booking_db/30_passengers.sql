-- airside: per booking
-- The first one is who booked, children were born in the years before.
INSERT INTO passengers (
    id,
    booking_id,
    passenger_type,
    title,
    first_name,
    last_name,
    date_of_birth,
    gender,
    nationality,
    passport_number,
    passport_expiry,
    passport_country,
    known_traveler_number,
    seat_preference,
    meal_preference,
    special_needs,
    frequent_flyer_number,
    created_at,
    booking_created_at
)
SELECT
    pg_temp.id('passenger', p.passenger),
    pg_temp.id('booking', p.n),
    p.type,
    CASE WHEN p.type = 'adult' AND pg_temp.chance('doctor', p.document, 0.03) THEN 'Dr' END,
    CASE p.place
        WHEN 0 THEN pg_temp.first_name('user', p.person) ELSE pg_temp.first_name('passenger', p.passenger)
    END,
    pg_temp.last_name('user', p.person),
    CASE
        WHEN p.place = 0 THEN date '1950-01-01' + pg_temp.between('born', p.person, 0, 20000)::int
        WHEN p.type = 'adult' THEN p.day - pg_temp.between('age', p.passenger, 6600, 27000)::int
        WHEN p.type = 'child' THEN p.day - pg_temp.between('age', p.passenger, 900, 4300)::int
        ELSE p.day - pg_temp.between('age', p.passenger, 60, 690)::int
    END,
    p.gender,
    p.nationality,
    CASE WHEN p.passport THEN 'P' || pg_temp.between('passport', p.document, 10000000, 99999999) END,
    CASE
        WHEN p.passport
            THEN (pg_temp.until() AT TIME ZONE 'UTC')::date + pg_temp.between('passport expiry', p.document, 100, 3500)::int
    END,
    CASE WHEN p.passport THEN p.nationality END,
    CASE
        WHEN p.nationality = 'USA' AND pg_temp.chance('known', p.passenger, 0.2)
            THEN 'TT' || pg_temp.between('known traveler', p.passenger, 1000000, 9999999)
    END,
    pg_temp.pick('seat preference', p.passenger, ARRAY['window', 'aisle', 'middle', NULL, NULL, 'window', 'aisle']),
    pg_temp.pick('meal', p.passenger, ARRAY[NULL, NULL, NULL, NULL, 'vegetarian', 'halal', 'kosher', 'vegan']),
    CASE WHEN pg_temp.chance('needs', p.passenger, 0.01) THEN 'Wheelchair' END,
    CASE
        WHEN p.place = 0 AND pg_temp.chance('frequent flyer', p.person, 0.3)
            THEN pg_temp.between('frequent flyer number', p.person, 100000000, 999999999)::text
    END,
    p.created,
    p.created
FROM (
    SELECT
        f.n,
        f.person,
        f.created,
        k.place,
        f.n * 4 + k.place AS passenger,
        CASE k.place WHEN 0 THEN f.person ELSE 1000000000 + f.n * 4 + k.place END AS document,
        pg_temp.passenger_type(f.n, k.place, f.seats) AS type,
        pg_temp.pick(
            'gender', CASE k.place WHEN 0 THEN f.person ELSE 1000000000 + f.n * 4 + k.place END, ARRAY['female', 'male']
        ) AS gender,
        pg_temp.pick(
            'nationality', f.person, ARRAY['USA', 'GBR', 'DEU', 'FRA', 'ESP', 'IND', 'JPN', 'AUS', 'BRA', 'CAN']
        ) AS nationality,
        CASE k.place
            WHEN 0 THEN pg_temp.chance('has passport', f.person, 0.7) ELSE pg_temp.chance('has passport', f.n * 4, 0.7)
        END AS passport,
        (f.created AT TIME ZONE 'UTC')::date AS day
    FROM pg_temp.facts(%(lo)s, %(hi)s) AS f
    CROSS JOIN LATERAL generate_series(0, f.seats - 1 + f.infant::int) AS k (place)
    OFFSET 0
) AS p;
