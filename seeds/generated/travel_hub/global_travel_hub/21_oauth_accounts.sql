-- airside: per user, as each tenant
-- The tokens are bytes that nothing can decrypt: no key is known here.
INSERT INTO oauth_accounts (
    id,
    tenant_id,
    user_id,
    provider,
    provider_account_id,
    access_token_encrypted,
    refresh_token_encrypted,
    token_expires_at,
    created_at,
    updated_at
)
SELECT
    pg_temp.id('oauth ' || a.provider, a.n),
    pg_temp.id('tenant', a.tenant),
    pg_temp.id('user', a.n),
    a.provider,
    pg_temp.hash('account at ' || a.provider, a.n)::text,
    sha512(pg_temp.id('access token', a.n)::text::bytea),
    sha512(pg_temp.id('refresh token', a.n)::text::bytea),
    a.linked + interval '1 hour',
    a.linked,
    a.linked
FROM (
    SELECT
        o.n,
        p.provider,
        o.tenant,
        pg_temp.moment('linked', o.n, pg_temp.joined(o.n - o.first, o.total), pg_temp.until()) AS linked
    FROM pg_temp.own_numbers(1, %(lo)s, %(hi)s) AS o
    CROSS JOIN (VALUES ('google', 0.3), ('apple', 0.12)) AS p (provider, share)
    WHERE pg_temp.chance(p.provider, o.n, p.share) AND pg_temp.erased(o.n) IS NULL
    OFFSET 0
) AS a;
