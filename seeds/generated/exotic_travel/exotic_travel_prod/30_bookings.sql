-- airside: per booking
INSERT INTO bookings (
    id,
    user_id,
    destination_id,
    start_date,
    end_date,
    guests,
    total_price,
    status,
    special_requests,
    payment_intent_id,
    payment_status,
    cancellation_reason,
    cancelled_at,
    created_at,
    updated_at
)
SELECT
    pg_temp.row_id(f.n),
    pg_temp.row_id(f.person),
    pg_temp.row_id(f.destination),
    f.start_date,
    f.end_date,
    f.guests,
    f.total,
    f.status,
    CASE
        WHEN pg_temp.chance('requests', f.n, 0.15)
            THEN pg_temp.pick('request', f.n, ARRAY[
                'A room on the ground floor, please.',
                'It is our honeymoon.',
                'No nuts: allergy.',
                'We arrive after midnight.',
                'A cot for the baby.'
            ])
    END,
    CASE WHEN f.payment_status <> 'pending' THEN 'pi_' || replace(pg_temp.id('payment intent', f.n)::text, '-', '') END,
    f.payment_status,
    CASE
        WHEN f.payment_status = 'failed' THEN 'The payment failed'
        WHEN f.status = 'cancelled'
            THEN pg_temp.pick('reason', f.n, ARRAY[
                'Change of plans', 'Illness', 'Found another trip', 'No leave from work', NULL
            ])
    END,
    f.cancelled,
    f.created,
    coalesce(f.cancelled, pg_temp.moment('paid', f.n, f.created, least(f.created + interval '1 day', pg_temp.until())))
FROM pg_temp.facts(%(lo)s, %(hi)s) AS f;
