-- airside: per booking
-- What the application writes when a booking changes. No personal values: the log is never rewritten.
INSERT INTO booking_audit_log (
    id, booking_id, changed_by, changed_by_type, action, old_value, new_value, created_at
)
SELECT
    pg_temp.id('booking event', e.n * 8 + h.k),
    pg_temp.id('booking', e.n),
    CASE WHEN h.by_type = 'CUSTOMER' THEN pg_temp.id('user', e.u) END,
    h.by_type,
    h.action,
    h.old_value,
    h.new_value,
    h.at
FROM (
    SELECT f.* FROM pg_temp.booking_facts(%(lo)s, %(hi)s) AS f OFFSET 0
) AS e
CROSS JOIN LATERAL (
    VALUES
    (
        0, e.created_at, 'CUSTOMER', 'CREATED', NULL::jsonb,
        '{"status": "PENDING_PAYMENT", "payment_status": "PENDING"}'::jsonb
    ),
    (
        1, CASE WHEN e.status = 'FAILED' THEN e.created_at + interval '10 minutes' END, 'SYSTEM', 'STATUS_CHANGED',
        '{"status": "PENDING_PAYMENT"}', '{"status": "FAILED"}'
    ),
    (
        2, e.confirmed_at, 'SYSTEM', 'PAYMENT_UPDATED', '{"payment_status": "PENDING"}',
        '{"payment_status": "CAPTURED"}'
    ),
    (
        3, e.confirmed_at, 'SYSTEM', 'STATUS_CHANGED', '{"status": "PENDING_PAYMENT"}', '{"status": "CONFIRMED"}'
    ),
    (4, e.confirmed_at + interval '3 minutes', 'GDS', 'TICKET_ISSUED', '{"ticketed": false}', '{"ticketed": true}'),
    (
        5, e.cancelled_at, 'CUSTOMER', 'CANCELLED', '{"status": "CONFIRMED"}', '{"status": "CANCELLED"}'
    ),
    (
        6, CASE WHEN e.payment_status IN ('REFUNDED', 'PARTIALLY_REFUNDED') THEN e.cancelled_at END, 'SYSTEM',
        'REFUNDED', '{"payment_status": "CAPTURED"}', jsonb_build_object('payment_status', e.payment_status)
    ),
    (7, e.checked_in_at, 'CUSTOMER', 'CHECKED_IN', '{"status": "CONFIRMED"}', '{"status": "CHECKED_IN"}')
) AS h (k, at, by_type, action, old_value, new_value)
WHERE h.at IS NOT NULL;
