-- airside: per booking
-- Up to three extras of what was paid.
INSERT INTO booking_ancillaries (
    id, booking_id, passenger_id, flight_id, ancillary_type, description, quantity, price, currency, status,
    created_at, updated_at, booking_departure_datetime
)
SELECT
    pg_temp.id('ancillary', a.m),
    pg_temp.id('booking', a.n),
    pg_temp.id('passenger', a.n * 4 + mod(a.k, a.passengers)),
    CASE WHEN a.what <> 'INSURANCE' THEN pg_temp.id('flight', a.n * 2 + mod(a.k, a.segments)) END,
    a.what,
    CASE a.what
        WHEN 'SEAT_SELECTION' THEN 'Seat ' || pg_temp.between('seat row', a.m, 5, 40)
            || pg_temp.pick('seat letter', a.m, ARRAY['A', 'B', 'C', 'D', 'E', 'F'])
        WHEN 'EXTRA_BAGGAGE' THEN 'One more bag of 23 kg'
        WHEN 'MEAL' THEN 'Meal of choice'
        WHEN 'WIFI' THEN 'Wi-Fi for the flight'
        WHEN 'INSURANCE' THEN 'Travel insurance'
        ELSE 'Priority boarding'
    END,
    1,
    round(a.rate * CASE a.what
        WHEN 'SEAT_SELECTION' THEN 14 WHEN 'EXTRA_BAGGAGE' THEN 45 WHEN 'MEAL' THEN 16 WHEN 'WIFI' THEN 9
        WHEN 'INSURANCE' THEN 29 ELSE 12
    END, 2),
    a.currency,
    CASE a.status WHEN 'REFUNDED' THEN 'REFUNDED' WHEN 'CANCELLED' THEN 'CANCELLED' ELSE 'CONFIRMED' END,
    a.confirmed_at,
    coalesce(a.cancelled_at, a.confirmed_at),
    a.departs
FROM (
    SELECT
        f.*,
        k,
        f.n * 4 + k AS m,
        pg_temp.pick_skewed('ancillary', f.n * 4 + k, ARRAY[
            'SEAT_SELECTION', 'EXTRA_BAGGAGE', 'MEAL', 'WIFI', 'INSURANCE', 'PRIORITY_BOARDING'
        ]) AS what
    FROM pg_temp.booking_facts(%(lo)s, %(hi)s) AS f
    CROSS JOIN generate_series(0, 2) AS k
    WHERE f.confirmed_at IS NOT NULL AND pg_temp.chance('ancillary sold', f.n * 4 + k, 0.4)
    OFFSET 0
) AS a;
