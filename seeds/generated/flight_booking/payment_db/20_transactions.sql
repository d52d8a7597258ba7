-- airside: per booking
-- A payment for each booking, now and then after one that failed; what goes back, and the fee for a cancellation.
INSERT INTO transactions (
    id,
    booking_id,
    user_id,
    payment_method_id,
    transaction_type,
    amount,
    currency,
    exchange_rate,
    original_amount,
    original_currency,
    gateway,
    gateway_transaction_id,
    status,
    failure_reason,
    processing_fee,
    metadata,
    created_at,
    updated_at,
    completed_at
)
SELECT
    pg_temp.id('transaction', t.n * 4 + t.k),
    pg_temp.id('booking', t.n),
    pg_temp.id('user', t.person),
    pg_temp.id('payment method', t.method),
    t.type,
    t.amount,
    t.currency,
    CASE WHEN t.abroad THEN pg_temp.rate(t.currency)::numeric(10, 6) END,
    CASE WHEN t.abroad THEN round(t.amount / pg_temp.rate(t.currency), 2) END,
    CASE WHEN t.abroad THEN 'USD' END,
    t.gateway,
    'txn_' || replace(pg_temp.id('gateway transaction', t.n * 4 + t.k)::text, '-', ''),
    t.status,
    CASE
        WHEN t.status = 'failed'
            THEN pg_temp.pick('failure', t.n, ARRAY[
                'card_declined', 'card_declined', 'insufficient_funds', 'expired_card', 'authentication_failed'
            ])
    END,
    CASE WHEN t.type = 'payment' AND t.status = 'completed' THEN round(t.amount * 0.019, 2) ELSE 0 END,
    jsonb_build_object('channel', pg_temp.pick('channel', t.n, ARRAY['web', 'web', 'mobile', 'agent'])),
    t.at,
    t.done,
    CASE WHEN t.status = 'completed' THEN t.done END
FROM (
    SELECT
        m.*,
        CASE pg_temp.payment_type(m.method)
            WHEN 'paypal' THEN 'paypal'
            WHEN 'bank_transfer' THEN 'stripe'
            ELSE pg_temp.pick('gateway', m.person, ARRAY['stripe', 'stripe', 'square'])
        END AS gateway,
        m.type = 'payment' AND m.currency <> 'USD' AND pg_temp.chance('abroad', m.n, 0.1) AS abroad,
        CASE WHEN m.status = 'pending' THEN m.at ELSE least(m.at + interval '20 seconds', pg_temp.until()) END AS done
    FROM (
        SELECT
            f.n,
            f.person,
            f.currency,
            k.k,
            k.type,
            f.person * 2 + CASE
                WHEN pg_temp.has_second_method(f.person) AND pg_temp.chance('other method', f.n, 0.25) THEN 1 ELSE 0
            END AS method,
            CASE k.k WHEN 2 THEN f.refund WHEN 3 THEN f.total - f.refund ELSE f.total END AS amount,
            CASE
                WHEN k.k = 0 OR f.verdict = 'unpaid' THEN 'failed'
                WHEN f.verdict = 'pending' THEN 'pending'
                ELSE 'completed'
            END AS status,
            CASE
                WHEN k.k = 0 THEN f.created + interval '15 seconds'
                WHEN k.k = 1 THEN f.created + interval '60 seconds'
                ELSE pg_temp.refunded_at(f.ended, f.departs2)
            END AS at
        FROM pg_temp.facts(%(lo)s, %(hi)s) AS f
        CROSS JOIN (
            VALUES (0, 'payment'), (1, 'payment'), (2, 'refund'), (3, 'cancellation_fee')
        ) AS k (k, type)
        WHERE CASE k.k
            WHEN 0 THEN f.verdict = 'unpaid' OR pg_temp.chance('first try fails', f.n, 0.05)
            WHEN 1 THEN TRUE
            WHEN 2 THEN f.refund IS NOT NULL
            ELSE f.verdict = 'changed_mind' AND f.refund < f.total
        END
        OFFSET 0
    ) AS m
    OFFSET 0
) AS t;
