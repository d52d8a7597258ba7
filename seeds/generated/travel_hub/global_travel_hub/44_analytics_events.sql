-- airside: per booking, as each tenant
INSERT INTO analytics_events (id, tenant_id, user_id, session_id, event_type, event_data, created_at)
SELECT
    pg_temp.id('booking event', t.n * 2 + k.k),
    pg_temp.id('tenant', t.tenant),
    CASE WHEN NOT t.nameless THEN pg_temp.id('user', t.person) END,
    NULL,
    k.event,
    CASE
        WHEN t.nameless THEN '{}'::jsonb
        ELSE jsonb_build_object('amount', t.total, 'currency', t.currency, 'flies', t.flies, 'stays', t.stays)
    END,
    CASE k.k WHEN 0 THEN t.created ELSE t.changed END
FROM pg_temp.trips(%(lo)s, %(hi)s) AS t
CROSS JOIN (VALUES (0, 'booking_created'), (1, 'booking_cancelled')) AS k (k, event)
WHERE k.k = 0 OR t.status = 'cancelled';
