-- airside: per booking
INSERT INTO payments (
    id, payment_reference, booking_id, user_id, payment_gateway, gateway_transaction_id, gateway_payment_intent_id,
    amount, currency, payment_method_type, payment_token, card_brand, card_last4, card_exp_month, card_exp_year,
    status, fraud_score, fraud_status, three_d_secure_status, three_d_secure_version, created_at, updated_at,
    authorized_at, captured_at, failed_at, failure_code, failure_message, ip_address, user_agent, idempotency_key
)
SELECT
    pg_temp.id('payment', p.n),
    'PAY-' || pg_temp.code(p.n),
    pg_temp.id('booking', p.n),
    pg_temp.id('user', p.u),
    p.gateway,
    'txn_' || pg_temp.code(p.n),
    'pi_' || pg_temp.code(p.n),
    p.amount,
    p.currency,
    CASE WHEN p.by_card THEN 'CARD' ELSE 'PAYPAL' END,
    'tok_' || pg_temp.code(p.u * 4),
    CASE WHEN p.by_card THEN pg_temp.card_brand(p.u * 4) END,
    CASE WHEN p.by_card THEN pg_temp.card_last4(p.u * 4) END,
    CASE WHEN p.by_card THEN pg_temp.card_month(p.u * 4) END,
    CASE WHEN p.by_card THEN pg_temp.card_year(p.u * 4) END,
    p.payment_status,
    p.fraud,
    CASE WHEN p.fraud < 70 THEN 'SAFE' WHEN p.fraud < 95 THEN 'REVIEW' ELSE 'BLOCKED' END,
    CASE WHEN p.by_card THEN CASE WHEN p.paid THEN 'AUTHENTICATED' ELSE 'NOT_AUTHENTICATED' END END,
    CASE WHEN p.by_card THEN '2.2.0' END,
    p.created_at,
    coalesce(p.cancelled_at, p.confirmed_at, p.created_at + interval '10 minutes'),
    p.confirmed_at,
    p.confirmed_at AS captured_at,
    CASE WHEN NOT p.paid THEN p.created_at + interval '10 minutes' END,
    CASE WHEN NOT p.paid THEN p.failure END,
    CASE WHEN NOT p.paid THEN 'The payment was declined: ' || replace(p.failure, '_', ' ') END,
    pg_temp.user_address(p.u),
    pg_temp.user_agent(p.u),
    'booking-' || pg_temp.code(p.n)
FROM (
    SELECT
        f.*,
        f.confirmed_at IS NOT NULL AS paid,
        pg_temp.user_gateway(f.u) AS gateway,
        pg_temp.user_gateway(f.u) <> 'PAYPAL' AS by_card,
        round(f.base_usd * f.rate, 2) + round(f.taxes_usd * f.rate, 2) + round(f.fees_usd * f.rate, 2) AS amount,
        round((100 * power(pg_temp.unit('payment fraud', f.n), 4))::numeric, 2) AS fraud,
        pg_temp.pick_skewed('payment failure', f.n, ARRAY[
            'insufficient_funds', 'card_declined', 'expired_card', 'authentication_required'
        ]) AS failure
    FROM pg_temp.booking_facts(%(lo)s, %(hi)s) AS f
    WHERE f.status <> 'PENDING_PAYMENT'
    OFFSET 0
) AS p;
