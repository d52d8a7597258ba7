-- airside: per booking, as each tenant
-- The items of a booking add up to its total: two flights for each person, a price a night for the hotel.
INSERT INTO booking_items (
    id,
    tenant_id,
    booking_id,
    item_type,
    flight_booking_id,
    hotel_booking_id,
    quantity,
    unit_price,
    currency,
    created_at,
    updated_at
)
SELECT
    pg_temp.id('item', t.n * 3 + k.k),
    pg_temp.id('tenant', t.tenant),
    pg_temp.id('booking', t.n),
    CASE WHEN k.k < 2 THEN 'flight' ELSE 'hotel' END,
    CASE WHEN k.k < 2 THEN pg_temp.id('flight', t.n * 2 + k.k) END,
    CASE WHEN k.k = 2 THEN pg_temp.id('hotel', t.n) END,
    CASE WHEN k.k < 2 THEN t.people ELSE t.nights END,
    CASE WHEN k.k < 2 THEN t.fare ELSE t.night_price END,
    t.currency,
    t.created,
    t.created
FROM pg_temp.trips(%(lo)s, %(hi)s) AS t
CROSS JOIN generate_series(0, 2) AS k (k)
WHERE CASE WHEN k.k < 2 THEN t.flies ELSE t.stays END;
