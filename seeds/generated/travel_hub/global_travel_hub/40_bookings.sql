-- airside: per booking, as each tenant
INSERT INTO bookings (
    id,
    tenant_id,
    user_id,
    booking_reference,
    status,
    total_amount,
    currency,
    contact_name,
    contact_email,
    contact_phone,
    metadata,
    created_at,
    updated_at,
    deleted_at
)
SELECT
    pg_temp.id('booking', t.n),
    pg_temp.id('tenant', t.tenant),
    pg_temp.id('user', t.person),
    pg_temp.code(t.n),
    t.status,
    t.total,
    t.currency,
    CASE
        WHEN NOT t.nameless THEN pg_temp.first_name('user', t.person) || ' ' || pg_temp.last_name('user', t.person)
    END,
    CASE WHEN NOT t.nameless THEN 'guest' || t.person || '@mail.example' END,
    CASE
        WHEN NOT t.nameless AND pg_temp.chance('phone', t.person, 0.6)
            THEN '+44207946' || to_char(mod(t.person, 10000), 'FM0000')
    END,
    CASE
        WHEN t.nameless THEN '{}'::jsonb
        ELSE jsonb_build_object('source', pg_temp.pick('source', t.n, ARRAY['chat', 'chat', 'web', 'app', 'agent']))
    END,
    t.created,
    t.changed,
    NULL
FROM pg_temp.trips(%(lo)s, %(hi)s) AS t;
