-- airside: per booking
-- A seat for each passenger on each flight; what is not paid yet is held for a day, what is cancelled is given back.
INSERT INTO seat_reservations (
    id, flight_instance_id, seat_configuration_id, booking_id, passenger_name, status, reserved_at, expires_at
)
SELECT
    pg_temp.id('seat', (s.n * 2 + s.way) * 4 + s.place),
    pg_temp.id('departure', s.departure),
    c.id,
    pg_temp.id('booking', s.n),
    CASE s.place
        WHEN 0 THEN pg_temp.first_name('user', s.person) ELSE pg_temp.first_name('passenger', s.n * 4 + s.place)
    END || ' ' || pg_temp.last_name('user', s.person),
    CASE s.verdict WHEN 'pending' THEN 'reserved' ELSE 'occupied' END,
    s.created,
    CASE s.verdict WHEN 'pending' THEN s.created + interval '1 day' END
FROM (
    SELECT
        f.n,
        f.person,
        f.aircraft,
        f.seat_row,
        f.verdict,
        f.created,
        w.way,
        p.place,
        CASE w.way WHEN 0 THEN f.departure1 ELSE f.departure2 END AS departure,
        pg_temp.seat_letter(f.port, f.starboard, CASE w.way WHEN 0 THEN f.side1 ELSE f.side2 END, p.place) AS letter
    FROM pg_temp.facts(%(lo)s, %(hi)s) AS f
    CROSS JOIN generate_series(0, 1) AS w (way)
    CROSS JOIN LATERAL generate_series(0, f.seats - 1) AS p (place)
    WHERE
        f.verdict IN ('pending', 'confirmed', 'completed')
        AND (w.way = 0 OR (f.departure2 IS NOT NULL AND NOT f.grounded2))
    OFFSET 0
) AS s
INNER JOIN (SELECT DISTINCT aircraft, aircraft_type::uuid AS aircraft_type FROM pg_temp.cabin) AS t ON s.aircraft = t.aircraft
INNER JOIN seat_configurations AS c
    ON t.aircraft_type = c.aircraft_type_id AND s.seat_row = c.row_number AND s.letter = c.seat_letter;
