-- airside: per session, as each tenant
INSERT INTO analytics_events (id, tenant_id, user_id, session_id, event_type, event_data, created_at)
SELECT
    pg_temp.id('event', c.n * 16 + k.k),
    pg_temp.id('tenant', c.tenant),
    CASE WHEN NOT c.nameless THEN pg_temp.id('user', c.person) END,
    CASE WHEN NOT c.nameless THEN pg_temp.id('session', c.n) END,
    k.event,
    CASE
        WHEN c.nameless THEN '{}'::jsonb
        WHEN k.k = 0 THEN jsonb_build_object('topic', c.topic)
        ELSE jsonb_build_object('city', c.city, 'results', pg_temp.between('results', c.n * 16 + k.k, 0, 40))
    END,
    c.begun + interval '1 second' * (k.k * 45)
FROM pg_temp.chats(%(lo)s, %(hi)s) AS c
CROSS JOIN (
    VALUES (0, 'chat_started', 1.0), (1, 'flight_searched', 0.6), (2, 'hotel_searched', 0.5), (3, 'offer_viewed', 0.7)
) AS k (k, event, share)
WHERE pg_temp.chance('event', c.n * 16 + k.k, k.share);
