-- airside: per booking
-- Who pays needs a second try now and then; who fails has tried up to three times.
INSERT INTO payment_attempts (
    id, payment_id, attempt_number, gateway_response_code, gateway_response_message, success, attempted_at,
    payment_created_at
)
SELECT
    pg_temp.id('payment attempt', a.n * 4 + a.k),
    pg_temp.id('payment', a.n),
    a.k,
    CASE WHEN a.success THEN '00' ELSE '05' END,
    CASE WHEN a.success THEN 'Approved' ELSE 'Do not honour' END,
    a.success,
    CASE WHEN a.success THEN a.confirmed_at ELSE a.created_at + a.k * interval '10 seconds' END,
    a.created_at
FROM (
    SELECT
        f.*,
        k,
        f.confirmed_at IS NOT NULL AND k = f.tries AS success
    FROM (
        SELECT
            b.n, b.created_at, b.confirmed_at,
            CASE WHEN b.confirmed_at IS NULL THEN pg_temp.between('payment tries', b.n, 1, 3)::int
                ELSE 1 + pg_temp.chance('payment tries', b.n, 0.06)::int
            END AS tries
        FROM pg_temp.booking_facts(%(lo)s, %(hi)s) AS b
        WHERE b.status <> 'PENDING_PAYMENT'
        OFFSET 0
    ) AS f
    CROSS JOIN LATERAL generate_series(1, f.tries) AS k
    OFFSET 0
) AS a;
