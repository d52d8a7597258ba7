-- airside: per booking
INSERT INTO bookings (
    id,
    user_id,
    booking_reference,
    status,
    total_amount,
    currency,
    payment_status,
    booking_source,
    contact_email,
    contact_phone,
    special_requests,
    created_at,
    updated_at,
    expires_at
)
SELECT
    pg_temp.id('booking', f.n),
    pg_temp.id('user', f.person),
    pg_temp.code(f.n),
    CASE WHEN f.ended IS NOT NULL THEN 'cancelled' ELSE f.verdict END,
    f.total,
    f.currency,
    CASE
        WHEN f.verdict = 'pending' THEN 'pending'
        WHEN f.verdict = 'unpaid' THEN 'failed'
        WHEN f.ended IS NOT NULL AND f.refund IS NOT NULL THEN 'refunded'
        ELSE 'paid'
    END,
    pg_temp.pick('source', f.n, ARRAY['web', 'web', 'web', 'web', 'mobile', 'mobile', 'mobile', 'api', 'agent']),
    pg_temp.email(f.person),
    CASE WHEN pg_temp.chance('phone', f.person, 0.75) THEN '+1646555' || to_char(mod(f.person, 10000), 'FM0000') END,
    CASE
        WHEN pg_temp.chance('requests', f.n, 0.08)
            THEN pg_temp.pick('request', f.n, ARRAY[
                'Please seat us together.', 'I travel with a cello.', 'Wheelchair to the gate, please.',
                'A vegetarian meal on both flights.', 'My invoice needs a company name.'
            ])
    END,
    f.created,
    coalesce(f.ended, CASE f.verdict
        WHEN 'completed' THEN coalesce(CASE WHEN NOT f.grounded2 THEN f.arrives2 END, f.arrives1)
        WHEN 'confirmed' THEN least(f.created + interval '5 minutes', pg_temp.until())
        ELSE f.created
    END),
    CASE f.verdict WHEN 'pending' THEN f.created + interval '1 day' END
FROM pg_temp.facts(%(lo)s, %(hi)s) AS f;
