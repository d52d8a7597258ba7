-- airside: per booking
-- Most are the machine's doing, some an agent's; who lost one of two flights gets that one back.
INSERT INTO refunds (
    id,
    original_transaction_id,
    refund_amount,
    currency,
    refund_reason,
    refund_type,
    gateway_refund_id,
    status,
    processed_by,
    notes,
    created_at,
    completed_at
)
SELECT
    pg_temp.id('refund', r.n),
    pg_temp.id('transaction', r.n * 4 + 1),
    r.refund,
    r.currency,
    CASE r.verdict WHEN 'changed_mind' THEN 'cancellation' ELSE 'service_failure' END,
    r.type,
    'ref_' || replace(pg_temp.id('gateway refund', r.n)::text, '-', ''),
    'completed',
    CASE
        WHEN r.type = 'manual' THEN pg_temp.id('user', pg_temp.between('agent', r.n, least(1, pg_temp.agents()), pg_temp.agents()))
    END,
    CASE WHEN r.type = 'manual' THEN 'Agreed on the phone' END,
    r.at,
    least(r.at + interval '20 seconds', pg_temp.until())
FROM (
    SELECT
        f.n,
        f.refund,
        f.currency,
        f.verdict,
        CASE
            WHEN f.ended IS NULL THEN 'partial'
            WHEN pg_temp.chance('manual', f.n, 0.08) THEN 'manual'
            ELSE 'automatic'
        END AS type,
        pg_temp.refunded_at(f.ended, f.departs2) AS at
    FROM pg_temp.facts(%(lo)s, %(hi)s) AS f
    WHERE f.refund IS NOT NULL
    OFFSET 0
) AS r;
