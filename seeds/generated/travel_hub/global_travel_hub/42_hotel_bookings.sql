-- airside: per booking, as each tenant
INSERT INTO hotel_bookings (
    id,
    tenant_id,
    hotel_code,
    hotel_name,
    city,
    country_code,
    check_in,
    check_out,
    rooms,
    guests,
    confirmation_number,
    details,
    created_at,
    updated_at
)
SELECT
    pg_temp.id('hotel', t.n),
    pg_temp.id('tenant', t.tenant),
    d.airport || to_char(t.house, 'FM00'),
    (ARRAY['Grand', 'Park', 'Riverside', 'Central', 'Old Town', 'Harbour', 'Garden', 'Station'])[1 + mod(t.house, 8)]
    || ' ' || pg_temp.pick('house', t.destination * 100 + t.house, ARRAY['Hotel', 'Inn', 'Suites', 'Rooms']) || ' ' || d.name,
    d.name,
    d.country,
    (t.departs AT TIME ZONE 'UTC')::date,
    (t.departs AT TIME ZONE 'UTC')::date + t.nights,
    t.rooms,
    CASE
        WHEN t.nameless THEN '[]'::jsonb
        ELSE jsonb_build_array(jsonb_build_object(
            'name', pg_temp.first_name('user', t.person) || ' ' || pg_temp.last_name('user', t.person),
            'people', t.people
        ))
    END,
    CASE WHEN NOT t.nameless THEN 'H' || pg_temp.between('confirmation', t.n, 10000000, 99999999) END,
    CASE
        WHEN t.nameless THEN '{}'::jsonb
        ELSE jsonb_build_object('board', pg_temp.pick('board', t.n, ARRAY['room', 'breakfast', 'breakfast', 'half']))
    END,
    t.created,
    t.changed
FROM (
    SELECT f.*, pg_temp.regular('house', f.n, 40) AS house
    FROM pg_temp.trips(%(lo)s, %(hi)s) AS f
    WHERE f.stays
    OFFSET 0
) AS t
INNER JOIN pg_temp.cities() AS d ON t.destination = d.city;
