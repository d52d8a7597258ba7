-- airside: per user
-- The first is the default. The token is bytes that nothing can decrypt: no key is known here.
INSERT INTO payment_methods (
    id,
    user_id,
    type,
    card_last_four,
    card_brand,
    card_expiry_month,
    card_expiry_year,
    billing_address,
    is_default,
    is_verified,
    created_at,
    updated_at,
    payment_token_encrypted
)
SELECT
    pg_temp.id('payment method', m.method),
    pg_temp.id('user', m.n),
    m.type,
    CASE WHEN m.card THEN to_char(pg_temp.between('last four', m.method, 0, 9999), 'FM0000') END,
    CASE WHEN m.card THEN pg_temp.pick('brand', m.method, ARRAY['visa', 'visa', 'mastercard', 'amex']) END,
    CASE WHEN m.card THEN pg_temp.between('expiry month', m.method, 1, 12) END,
    CASE WHEN m.card THEN date_part('year', pg_temp.until())::int + pg_temp.between('expiry year', m.method, 0, 5) END,
    jsonb_build_object(
        'name', pg_temp.first_name('user', m.n) || ' ' || pg_temp.last_name('user', m.n),
        'street', pg_temp.between('house', m.n, 1, 220) || ' ' || pg_temp.pick('street', m.n, ARRAY[
            'High Street', 'Station Road', 'Park Avenue', 'Mill Lane', 'Church Street', 'Oak Drive'
        ]),
        'postcode', pg_temp.between('postcode', m.n, 10000, 99999)::text
    ),
    m.k = 0,
    pg_temp.chance('verified method', m.method, 0.95),
    m.joined,
    m.joined,
    sha512(pg_temp.id('payment token', m.method)::text::bytea)
FROM (
    SELECT
        t.*,
        t.type IN ('credit_card', 'debit_card') AS card
    FROM (
        SELECT
            s.n,
            k.k,
            s.n * 2 + k.k AS method,
            pg_temp.payment_type(s.n * 2 + k.k) AS type,
            pg_temp.joined(s.n) AS joined
        FROM pg_temp.numbers(%(lo)s, %(hi)s) AS s (n)
        CROSS JOIN generate_series(0, 1) AS k (k)
        WHERE k.k = 0 OR pg_temp.has_second_method(s.n)
        OFFSET 0
    ) AS t
    OFFSET 0
) AS m;
