-- airside: per departure
-- What is taken is counted: the bookings and the blocked seats of these departures are there before.
INSERT INTO inventory (
    id,
    flight_instance_id,
    class,
    total_seats,
    available_seats,
    reserved_seats,
    blocked_seats,
    price,
    currency,
    last_updated
)
SELECT
    pg_temp.id('inventory of ' || i.class, i.n),
    i.departure,
    i.class,
    i.seats,
    CASE WHEN i.grounded THEN 0 ELSE i.seats - i.reserved - i.blocked END,
    i.reserved,
    i.blocked,
    round(
        pg_temp.base_price(i.minutes, i.class, i.currency) * pg_temp.season(i.departs)::numeric
        * CASE WHEN i.reserved > 0.8 * i.seats THEN 1.4 WHEN i.reserved > 0.5 * i.seats THEN 1.15 ELSE 1 END,
        2
    ),
    i.currency,
    greatest(least(i.departs, pg_temp.until()), i.departs - interval '330 days')
FROM (
    SELECT
        d.n,
        d.departs,
        d.minutes,
        d.currency,
        d.grounded,
        d.departure,
        c.class,
        c.seats,
        count(r.status) FILTER (WHERE r.status <> 'blocked') AS reserved,
        count(r.status) FILTER (WHERE r.status = 'blocked') AS blocked
    FROM (
        SELECT f.*, pg_temp.id('departure', f.n) AS departure
        FROM pg_temp.departure_facts(%(lo)s, %(hi)s) AS f
        OFFSET 0
    ) AS d
    INNER JOIN pg_temp.cabin AS c ON d.aircraft = c.aircraft
    LEFT JOIN LATERAL (
        SELECT t.status
        FROM seat_reservations AS t
        INNER JOIN seat_configurations AS s ON t.seat_configuration_id = s.id
        WHERE d.departure = t.flight_instance_id AND c.class = s.class
    ) AS r ON TRUE
    GROUP BY d.n, d.departs, d.minutes, d.currency, d.grounded, d.departure, c.class, c.seats
) AS i;
