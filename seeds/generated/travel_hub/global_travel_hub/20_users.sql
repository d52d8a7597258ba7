-- airside: per user, as each tenant
-- Who was erased looks as gdpr_anonymize_user() leaves a user.
INSERT INTO users (
    id,
    tenant_id,
    email,
    hashed_password,
    full_name,
    phone,
    role,
    status,
    data_processing_consent,
    consent_granted_at,
    marketing_consent,
    created_at,
    updated_at,
    deleted_at
)
SELECT
    pg_temp.id('user', u.n),
    pg_temp.id('tenant', u.tenant),
    CASE
        WHEN u.erased IS NULL THEN 'guest' || u.n || '@mail.example'
        ELSE 'deleted-' || pg_temp.id('user', u.n) || '@anonymized.invalid'
    END,
    CASE
        WHEN u.erased IS NULL AND pg_temp.chance('password', u.n, 0.8)
            THEN 'scrypt$' || encode(sha256(pg_temp.id('password', u.n)::text::bytea), 'hex')
    END,
    CASE
        WHEN u.erased IS NULL THEN pg_temp.first_name('user', u.n) || ' ' || pg_temp.last_name('user', u.n)
    END,
    CASE
        WHEN u.erased IS NULL AND pg_temp.chance('phone', u.n, 0.6)
            THEN '+44207946' || to_char(mod(u.n, 10000), 'FM0000')
    END,
    CASE
        WHEN u.place < 2 THEN 'admin'
        WHEN u.place < 6 OR pg_temp.chance('agent', u.n, 0.01) THEN 'agent'
        ELSE 'user'
    END,
    CASE
        WHEN u.erased IS NOT NULL THEN 'inactive'
        ELSE pg_temp.pick_skewed('status', u.n, ARRAY[
            'active', 'active', 'active', 'active', 'active', 'active', 'active', 'active', 'inactive', 'suspended'
        ])
    END,
    u.erased IS NULL,
    CASE WHEN u.erased IS NULL THEN u.joined END,
    u.erased IS NULL AND pg_temp.chance('marketing', u.n, 0.35),
    u.joined,
    coalesce(u.erased, pg_temp.moment('updated', u.n, u.joined, pg_temp.until())),
    u.erased
FROM (
    SELECT
        o.n,
        o.n - o.first AS place,
        o.tenant,
        o.erased,
        least(pg_temp.joined(o.n - o.first, o.total), o.erased - interval '1 hour') AS joined
    FROM (
        SELECT k.*, pg_temp.erased(k.n) AS erased FROM pg_temp.own_numbers(1, %(lo)s, %(hi)s) AS k
        OFFSET 0
    ) AS o
    OFFSET 0
) AS u;
