-- airside: per booking
INSERT INTO refunds (
    id, payment_id, refund_reference, gateway_refund_id, amount, currency, reason, status, requested_at, processed_at,
    completed_at, requested_by, requested_by_type, payment_created_at
)
SELECT
    pg_temp.id('refund', r.n),
    pg_temp.id('payment', r.n),
    'REF-' || pg_temp.code(r.n),
    're_' || pg_temp.code(r.n),
    CASE WHEN r.payment_status = 'REFUNDED' THEN r.amount ELSE round(r.amount * 0.6, 2) END,
    r.currency,
    pg_temp.pick_skewed('refund reason', r.n, ARRAY['CANCELLATION', 'CUSTOMER_REQUEST', 'SCHEDULE_CHANGE', 'DUPLICATE']),
    CASE WHEN r.completed_at <= pg_temp.until() THEN 'COMPLETED' ELSE 'PROCESSING' END,
    r.cancelled_at,
    r.cancelled_at + interval '1 minute',
    CASE WHEN r.completed_at <= pg_temp.until() THEN r.completed_at END,
    pg_temp.id('user', r.u),
    'CUSTOMER',
    r.created_at
FROM (
    SELECT
        f.*,
        round(f.base_usd * f.rate, 2) + round(f.taxes_usd * f.rate, 2) + round(f.fees_usd * f.rate, 2) AS amount,
        f.cancelled_at + pg_temp.between('refund takes', f.n, 1, 7) * interval '1 day' AS completed_at
    FROM pg_temp.booking_facts(%(lo)s, %(hi)s) AS f
    WHERE f.payment_status IN ('REFUNDED', 'PARTIALLY_REFUNDED')
    OFFSET 0
) AS r;
