-- airside: per user
-- The one that is used, and sometimes another.
INSERT INTO user_payment_methods (
    id, user_id, payment_gateway, payment_token, card_brand, card_last4, card_exp_month, card_exp_year, billing_name,
    billing_country, billing_postal_code, is_default, created_at, updated_at
)
SELECT
    pg_temp.id('payment method', m.c),
    pg_temp.id('user', m.n),
    pg_temp.user_gateway(m.n),
    'tok_' || pg_temp.code(m.c),
    CASE WHEN m.has_card THEN pg_temp.card_brand(m.c) END,
    CASE WHEN m.has_card THEN pg_temp.card_last4(m.c) END,
    CASE WHEN m.has_card THEN pg_temp.card_month(m.c) END,
    CASE WHEN m.has_card THEN pg_temp.card_year(m.c) END,
    pg_temp.first_name('user', m.n) || ' ' || pg_temp.last_name('user', m.n),
    m.country,
    pg_temp.between('user postal code', m.n, 10000, 99999)::text,
    m.k = 0,
    m.created_at,
    m.created_at AS updated_at
FROM (
    SELECT
        u.n,
        k,
        u.n * 4 + k AS c,
        u.created_at,
        u.country,
        pg_temp.user_gateway(u.n) <> 'PAYPAL' AS has_card
    FROM (
        SELECT
            i AS n,
            pg_temp.user_created_at(i) AS created_at,
            pg_temp.airport_country(pg_temp.user_home(i)) AS country
        FROM pg_temp.numbers(%(lo)s, %(hi)s) AS i
        WHERE i < pg_temp.bookers()
        OFFSET 0
    ) AS u
    CROSS JOIN generate_series(0, 1) AS k
    WHERE k = 0 OR pg_temp.chance('payment method', u.n * 4 + k, 0.25)
    OFFSET 0
) AS m;
