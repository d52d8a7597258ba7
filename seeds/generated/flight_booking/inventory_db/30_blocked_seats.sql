-- airside: per departure
-- The last row is not sold. On some flights the crew rests there, or a seat is broken.
INSERT INTO seat_reservations (
    id, flight_instance_id, seat_configuration_id, booking_id, passenger_name, status, reserved_at, expires_at
)
SELECT
    pg_temp.id('blocked seat', d.n * 4 + k.k),
    pg_temp.id('departure', d.n),
    s.id,
    NULL,
    NULL,
    'blocked',
    d.departs - interval '60 days',
    NULL
FROM pg_temp.departure_facts(%(lo)s, %(hi)s) AS d
INNER JOIN pg_temp.cabin AS c ON d.aircraft = c.aircraft AND c.class = 'economy'
CROSS JOIN LATERAL generate_series(0, pg_temp.between('blocked', d.n, 0, 1)) AS k (k)
INNER JOIN seat_configurations AS s
    ON
        c.aircraft_type::uuid = s.aircraft_type_id
        AND c.first_row + c.rows - 1 = s.row_number
        AND substr(c.starboard, 1 + k.k::int, 1) = s.seat_letter
WHERE pg_temp.chance('blocks', d.n, 0.12) AND NOT d.grounded;
