-- airside: per user
-- The user, and up to two others.
INSERT INTO user_travelers (
    id, user_id, first_name, last_name, date_of_birth, gender, nationality, passport_number, passport_country,
    passport_expiry_date, frequent_flyer_programs, seat_preference, meal_preference, is_primary, created_at, updated_at
)
SELECT
    pg_temp.id('traveler', t.m),
    pg_temp.id('user', t.n),
    CASE WHEN t.k = 0 THEN pg_temp.first_name('user', t.n) ELSE pg_temp.first_name('traveler', t.m) END,
    CASE WHEN t.k = 0 OR pg_temp.chance('traveler is family', t.m, 0.7) THEN pg_temp.last_name('user', t.n)
        ELSE pg_temp.last_name('traveler', t.m)
    END,
    CASE WHEN t.k = 0 THEN pg_temp.user_born(t.n) ELSE pg_temp.user_born(t.n * 1000 + t.k) END,
    pg_temp.pick('traveler gender', t.m, ARRAY['MALE', 'FEMALE']),
    t.country,
    CASE WHEN t.has_passport THEN pg_temp.passport_number('traveler', t.m) END,
    CASE WHEN t.has_passport THEN t.country END,
    CASE WHEN t.has_passport THEN pg_temp.passport_expiry('traveler', t.m) END,
    CASE WHEN pg_temp.chance('traveler is loyal', t.m, 0.3) THEN jsonb_build_array(jsonb_build_object(
        'airline', pg_temp.airline(mod(t.m, 16)), 'number', pg_temp.code(t.m)
    )) END,
    pg_temp.pick('traveler seat', t.m, ARRAY['WINDOW', 'AISLE', 'MIDDLE', NULL]),
    pg_temp.pick('traveler meal', t.m, ARRAY['VEGETARIAN', 'VEGAN', 'HALAL', 'KOSHER', NULL, NULL, NULL, NULL]),
    t.k = 0,
    t.created_at,
    t.created_at AS updated_at
FROM (
    SELECT
        u.n,
        k,
        u.n * 4 + k AS m,
        u.created_at,
        u.country,
        pg_temp.chance('traveler passport', u.n * 4 + k, 0.7) AS has_passport
    FROM (
        SELECT
            i AS n,
            pg_temp.user_created_at(i) AS created_at,
            pg_temp.airport_country(pg_temp.user_home(i)) AS country
        FROM pg_temp.numbers(%(lo)s, %(hi)s) AS i
        WHERE i < pg_temp.bookers()
        OFFSET 0
    ) AS u
    CROSS JOIN generate_series(0, 2) AS k
    WHERE k = 0 OR pg_temp.chance('traveler', u.n * 4 + k, 0.35)
    OFFSET 0
) AS t;
