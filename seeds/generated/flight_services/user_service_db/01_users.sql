-- airside: per user
INSERT INTO users (
    id, email, password_hash, email_verified, first_name, last_name, phone, phone_verified, date_of_birth, gender,
    country_code, address_line1, city, postal_code, preferred_currency, preferred_language, newsletter_subscribed,
    status, role, created_at, updated_at, last_login_at, deleted_at
)
SELECT
    pg_temp.id('user', u.n),
    CASE WHEN u.gone THEN 'deleted_' || pg_temp.id('user', u.n) || '@anonymized.invalid' ELSE pg_temp.user_email(u.n) END,
    CASE WHEN u.gone THEN '!' ELSE '$argon2id$v=19$m=65536,t=3,p=4$' || encode(sha256(int8send(u.n)), 'base64') END,
    NOT u.gone AND pg_temp.chance('user verified', u.n, 0.9),
    CASE WHEN u.gone THEN 'DELETED' ELSE pg_temp.first_name('user', u.n) END,
    CASE WHEN u.gone THEN 'USER' ELSE pg_temp.last_name('user', u.n) END,
    CASE WHEN NOT u.gone THEN pg_temp.user_phone(u.n) END,
    NOT u.gone AND pg_temp.chance('user phone verified', u.n, 0.6),
    CASE WHEN NOT u.gone THEN pg_temp.user_born(u.n) END,
    CASE WHEN NOT u.gone THEN pg_temp.pick(
        'user gender', u.n, ARRAY['MALE', 'FEMALE', 'MALE', 'FEMALE', 'OTHER', 'PREFER_NOT_TO_SAY', NULL]
    ) END,
    CASE WHEN NOT u.gone THEN pg_temp.airport_country(u.home) END,
    CASE WHEN NOT u.gone THEN pg_temp.between('user house', u.n, 1, 240) || ' ' || pg_temp.pick(
        'user street', u.n, ARRAY['Station Road', 'High Street', 'Park Avenue', 'Lindenstrasse', 'Rue de la Paix']
    ) END,
    CASE WHEN NOT u.gone THEN pg_temp.airport_city(u.home) END,
    CASE WHEN NOT u.gone THEN pg_temp.between('user postal code', u.n, 10000, 99999)::text END,
    pg_temp.user_currency(u.home),
    CASE pg_temp.airport_country(u.home)
        WHEN 'DE' THEN 'de' WHEN 'AT' THEN 'de' WHEN 'FR' THEN 'fr' WHEN 'ES' THEN 'es' WHEN 'IT' THEN 'it' ELSE 'en'
    END,
    NOT u.gone AND pg_temp.chance('user newsletter', u.n, 0.35),
    CASE WHEN u.gone THEN 'DELETED' WHEN pg_temp.chance('user suspended', u.n, 0.008) THEN 'SUSPENDED' ELSE 'ACTIVE' END,
    CASE WHEN mod(u.n, 2000) = 199 THEN 'ADMIN' WHEN mod(u.n, 200) = 199 THEN 'AGENT' ELSE 'CUSTOMER' END,
    u.created_at,
    u.last_at,
    CASE WHEN NOT u.gone THEN u.last_at END,
    CASE WHEN u.gone THEN u.last_at END
FROM (
    SELECT
        c.*,
        pg_temp.moment('user last login', c.n, c.created_at, pg_temp.until()) AS last_at
    FROM (
        SELECT
            i AS n,
            pg_temp.user_home(i) AS home,
            pg_temp.user_created_at(i) AS created_at,
            i >= pg_temp.bookers() AND mod(i, 200) <> 199 AS gone
        FROM pg_temp.numbers(%(lo)s, %(hi)s) AS i
        OFFSET 0
    ) AS c
    OFFSET 0
) AS u;
