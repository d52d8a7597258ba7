-- airside: per booking
INSERT INTO booking_history (id, booking_id, action, changed_by, changes, reason, created_at)
SELECT
    pg_temp.id('history', h.n * 4 + h.k),
    pg_temp.id('booking', h.n),
    h.action,
    -- payments and the airline's cancellations are nobody's doing
    CASE WHEN h.k IN (0, 2) OR (h.k = 3 AND h.verdict = 'changed_mind') THEN pg_temp.id('user', h.person) END,
    CASE h.k
        WHEN 0 THEN jsonb_build_object('status', 'pending', 'total_amount', h.total, 'currency', h.currency)
        WHEN 1 THEN jsonb_build_object('status', 'confirmed', 'payment_status', 'paid')
        WHEN 2 THEN jsonb_build_object('special_requests', 'changed')
        ELSE jsonb_build_object('status', 'cancelled')
    END,
    CASE
        WHEN h.k = 3
            THEN CASE h.verdict
                WHEN 'unpaid' THEN 'Payment failed'
                WHEN 'grounded' THEN 'Flight cancelled by the airline'
                ELSE pg_temp.pick('reason', h.n, ARRAY['Change of plans', 'Illness', 'Found a better fare', NULL])
            END
    END,
    CASE h.k
        WHEN 0 THEN h.created
        WHEN 1 THEN least(h.created + interval '90 seconds', pg_temp.until())
        WHEN 2
            THEN pg_temp.moment(
                'modified', h.n, h.created + interval '90 seconds', least(coalesce(h.ended, h.departs1), pg_temp.until())
            )
        ELSE h.ended
    END
FROM (
    SELECT f.*, a.k, a.action
    FROM pg_temp.facts(%(lo)s, %(hi)s) AS f
    CROSS JOIN (VALUES (0, 'created'), (1, 'confirmed'), (2, 'modified'), (3, 'cancelled')) AS a (k, action)
    WHERE CASE a.k
        WHEN 0 THEN TRUE
        WHEN 1 THEN f.verdict NOT IN ('pending', 'unpaid')
        WHEN 2 THEN f.verdict IN ('confirmed', 'completed') AND pg_temp.chance('modified', f.n, 0.05)
        ELSE f.ended IS NOT NULL
    END
    OFFSET 0
) AS h;
