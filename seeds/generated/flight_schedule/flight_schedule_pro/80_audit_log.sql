-- airside: per lesson
INSERT INTO audit_log (id, entity_type, entity_id, action, user_id, metadata, created_at)
SELECT
    pg_temp.id('audit', e.n * 3 + e.k),
    'booking',
    pg_temp.id('booking', e.n),
    e.action,
    CASE WHEN e.k = 0 THEN pg_temp.id('user', e.student) WHEN e.k = 2 THEN pg_temp.id('user', e.instructor) END,
    CASE e.k
        WHEN 0 THEN jsonb_build_object('status', 'CONFIRMED')
        WHEN 1 THEN jsonb_build_object('status', 'AT_RISK', 'reason', 'weather')
        ELSE jsonb_build_object('status', 'CANCELLED', 'moved', e.moved_to IS NOT NULL)
    END,
    CASE e.k
        WHEN 0 THEN e.created
        WHEN 1 THEN e.warned_at
        ELSE coalesce(
            e.warned_at + interval '2 hours',
            pg_temp.moment('cancelled', e.n, e.created, least(e.scheduled, pg_temp.until()))
        )
    END
FROM (
    SELECT f.*, k.k, k.action
    FROM pg_temp.facts(%(lo)s, %(hi)s) AS f
    CROSS JOIN (VALUES (0, 'BOOKING_CREATED'), (1, 'WEATHER_CHECKED'), (2, 'BOOKING_CANCELLED')) AS k (k, action)
    WHERE k.k = 0 OR (k.k = 1 AND f.warned_at IS NOT NULL) OR (k.k = 2 AND f.status = 'CANCELLED')
    OFFSET 0
) AS e;
