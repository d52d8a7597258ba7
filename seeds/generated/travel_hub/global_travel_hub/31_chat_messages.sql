-- airside: per session, as each tenant
-- Question and answer in turn. What an erased user said is gone.
INSERT INTO chat_messages (id, tenant_id, session_id, role, content, metadata, created_at)
SELECT
    pg_temp.id('message', m.message),
    m.tenant,
    m.session,
    m.role,
    CASE
        WHEN m.nameless THEN '[deleted]'
        WHEN m.role = 'user' AND m.k = 0
            THEN CASE m.topic
                WHEN 'flights' THEN 'I need a flight to '
                WHEN 'hotels' THEN 'Can you find me a hotel in '
                WHEN 'plan' THEN 'What should I not miss in '
                ELSE 'I have to change my trip to '
            END || m.name || pg_temp.pick('when', m.message, ARRAY['.', ' next month.', ' for two.', ' in spring, please.'])
        WHEN m.role = 'user'
            THEN pg_temp.pick('question', m.message, ARRAY[
                'Is there something cheaper?', 'And a day later?', 'That sounds good.', 'With breakfast, please.',
                'How far is it from the centre?', 'Can I cancel that?', 'Please book it.'
            ])
        ELSE pg_temp.pick('answer', m.message, ARRAY[
            'I found three that match: ', 'The best price that I see is ', 'That one can be cancelled free of charge: ',
            'It is a little dearer, but closer: ', 'All set. The confirmation is on its way: '
        ]) || m.name || ', ' || pg_temp.between('price', m.message, 60, 900) || '.'
    END,
    CASE
        WHEN m.nameless OR m.role = 'user' THEN '{}'::jsonb
        ELSE jsonb_build_object(
            'tokens', pg_temp.between('tokens', m.message, 40, 700),
            'latency_ms', 300 + pg_temp.skewed('latency', m.message, 6000)
        )
    END,
    m.begun + interval '1 second' * (m.k * 90 + pg_temp.between('pause', m.message, 1, 80))
FROM (
    SELECT
        c.n * 16 + k.k AS message,
        k.k,
        c.nameless,
        c.topic,
        c.begun,
        d.name,
        pg_temp.id('session', c.n) AS session,
        pg_temp.id('tenant', c.tenant) AS tenant,
        CASE mod(k.k, 2) WHEN 0 THEN 'user' ELSE 'assistant' END AS role
    FROM pg_temp.chats(%(lo)s, %(hi)s) AS c
    INNER JOIN pg_temp.cities() AS d ON c.city = d.city
    CROSS JOIN generate_series(0, c.messages - 1) AS k (k)
    WHERE c.begun >= pg_temp.messages_since()
    OFFSET 0
) AS m;
