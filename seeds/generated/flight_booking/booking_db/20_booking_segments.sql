-- airside: per booking
INSERT INTO booking_segments (
    id,
    booking_id,
    flight_instance_id,
    segment_order,
    departure_airport,
    arrival_airport,
    departure_datetime,
    arrival_datetime,
    class,
    fare_basis,
    price,
    currency,
    baggage_allowance,
    status,
    created_at,
    booking_created_at
)
SELECT
    pg_temp.id('segment', f.n * 2 + w.way),
    pg_temp.id('booking', f.n),
    pg_temp.id('departure', CASE w.way WHEN 0 THEN f.departure1 ELSE f.departure2 END),
    w.way + 1,
    CASE w.way WHEN 0 THEN f.origin ELSE f.destination END,
    CASE w.way WHEN 0 THEN f.destination ELSE f.origin END,
    CASE w.way WHEN 0 THEN f.departs1 ELSE f.departs2 END,
    CASE w.way WHEN 0 THEN f.arrives1 ELSE f.arrives2 END,
    f.class,
    upper(left(f.class, 1)) || pg_temp.pick('fare basis', f.n, ARRAY['LIGHT', 'STD', 'STD', 'FLEX']),
    CASE w.way WHEN 0 THEN f.price1 ELSE f.price2 END,
    f.currency,
    jsonb_build_object(
        'cabin_kg', 8, 'checked', CASE f.class WHEN 'economy' THEN pg_temp.between('bags', f.n, 0, 1) ELSE 2 END
    ),
    CASE
        WHEN f.ended IS NOT NULL OR (w.way = 1 AND f.grounded2) THEN 'cancelled'
        WHEN f.verdict = 'pending' THEN 'pending'
        WHEN CASE w.way WHEN 0 THEN f.arrives1 ELSE f.arrives2 END < pg_temp.until() THEN 'flown'
        ELSE 'confirmed'
    END,
    f.created,
    f.created
FROM pg_temp.facts(%(lo)s, %(hi)s) AS f
CROSS JOIN generate_series(0, 1) AS w (way)
WHERE w.way = 0 OR f.departure2 IS NOT NULL;
