-- airside: per session, as each tenant
-- How many messages there are and when the last one came is for the trigger on chat_messages to say, but for messages
-- that are in the archive.
INSERT INTO chat_sessions (
    id,
    tenant_id,
    user_id,
    title,
    status,
    thread_id,
    checkpoint_ns,
    context,
    message_count,
    last_message_at,
    created_at,
    updated_at,
    deleted_at
)
SELECT
    pg_temp.id('session', c.n),
    pg_temp.id('tenant', c.tenant),
    pg_temp.id('user', c.person),
    CASE
        WHEN c.nameless THEN NULL
        ELSE CASE c.topic
            WHEN 'flights' THEN 'Flights to '
            WHEN 'hotels' THEN 'A hotel in '
            WHEN 'plan' THEN 'A few days in '
            ELSE 'Change my booking: '
        END || d.name
    END,
    CASE
        WHEN c.begun > pg_temp.until() - interval '2 days' THEN 'active'
        WHEN pg_temp.chance('archived', c.n, 0.3) THEN 'archived'
        ELSE 'closed'
    END,
    pg_temp.id('thread', c.n),
    '',
    CASE
        WHEN c.nameless THEN '{}'::jsonb
        ELSE jsonb_build_object('topic', c.topic, 'destination', d.airport, 'channel', pg_temp.pick('channel', c.n, ARRAY['web', 'web', 'app']))
    END,
    CASE WHEN c.begun < pg_temp.messages_since() THEN c.messages ELSE 0 END,
    CASE
        WHEN c.begun < pg_temp.messages_since()
            THEN c.begun + interval '1 second' * (c.messages * 90 - pg_temp.between('last', c.n, 10, 89))
    END,
    c.begun,
    c.begun,
    CASE WHEN c.nameless THEN pg_temp.erased(c.person) END
FROM pg_temp.chats(%(lo)s, %(hi)s) AS c
INNER JOIN pg_temp.cities() AS d ON c.city = d.city;
