-- airside: per tenant
INSERT INTO tenants (id, slug, name, status, created_at, updated_at)
SELECT
    pg_temp.id('tenant', t.n),
    lower(t.name) || '-' || t.n,
    t.name || ' Travel',
    CASE WHEN t.n > 4 AND t.n = pg_temp.tenants() - 1 THEN 'suspended' ELSE 'active' END,
    t.created,
    t.created
FROM (
    SELECT
        s.n,
        (ARRAY[
            'Globe', 'Compass', 'Meridian', 'Voyager', 'Horizon', 'Atlas', 'Nomad', 'Polaris', 'Zephyr', 'Harbour'
        ])[1 + mod(s.n, 10)] AS name,
        pg_temp.moment(
            'tenant', s.n, pg_temp.since() - interval '5 years', pg_temp.since() - interval '3 years'
        ) AS created
    FROM pg_temp.numbers(%(lo)s, %(hi)s) AS s (n)
    OFFSET 0
) AS t;
