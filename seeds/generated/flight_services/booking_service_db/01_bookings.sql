-- airside: per booking
INSERT INTO bookings (
    id, booking_reference, pnr, user_id, gds_provider, gds_booking_id, origin_airport, destination_airport,
    departure_datetime, arrival_datetime, flight_type, base_fare, taxes, fees, total_amount, currency, status,
    payment_status, payment_id, ticketed, ticket_issued_at, ticket_time_limit, contact_email, contact_phone,
    created_at, updated_at, confirmed_at, cancelled_at, cancellation_reason
)
SELECT
    pg_temp.id('booking', b.n),
    pg_temp.code(b.n),
    b.pnr,
    pg_temp.id('user', b.u),
    b.gds,
    b.gds || '-' || b.pnr,
    pg_temp.airport(b.origin),
    pg_temp.airport(b.destination),
    b.departs,
    b.arrives,
    b.kind,
    b.base,
    b.taxes,
    b.fees,
    b.base + b.taxes + b.fees,
    b.currency,
    b.status,
    b.payment_status,
    CASE WHEN b.status <> 'PENDING_PAYMENT' THEN pg_temp.id('payment', b.n) END,
    b.confirmed_at IS NOT NULL,
    b.confirmed_at + interval '3 minutes',
    b.created_at + interval '24 hours',
    pg_temp.user_email(b.u),
    pg_temp.user_phone(b.u),
    b.created_at,
    greatest(b.created_at, b.confirmed_at, b.cancelled_at, b.checked_in_at, CASE WHEN b.status = 'COMPLETED' THEN b.ends END),
    b.confirmed_at,
    b.cancelled_at,
    CASE WHEN b.cancelled_at IS NOT NULL THEN pg_temp.pick('booking cancellation', b.n, ARRAY[
        'Change of plans', 'Illness', 'Found a better fare', 'Schedule change by the airline', 'Booked twice'
    ]) END
FROM (
    SELECT
        f.*,
        round(f.base_usd * f.rate, 2) AS base,
        round(f.taxes_usd * f.rate, 2) AS taxes,
        round(f.fees_usd * f.rate, 2) AS fees,
        pg_temp.code(f.n / 2 + 500000000) AS pnr,
        pg_temp.pick_skewed('booking gds', f.n, ARRAY['AMADEUS', 'SABRE', 'TRAVELPORT']) AS gds
    FROM pg_temp.booking_facts(%(lo)s, %(hi)s) AS f
    OFFSET 0
) AS b;
