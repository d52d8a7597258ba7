-- airside: per lesson
-- Three times on offer where the weather was too bad; the second is what a moved lesson was moved to.
INSERT INTO reschedule_options (
    id, booking_id, suggested_datetime, weather_forecast, ai_confidence_score, created_at
)
SELECT
    pg_temp.id('option', f.n * 3 + k),
    pg_temp.id('booking', f.n),
    coalesce(f.moved_to, f.scheduled + interval '2 days') + (k - 1) * interval '1 day',
    jsonb_build_object(
        'conditions', pg_temp.pick('sky', f.n * 3 + k, ARRAY['VFR', 'VFR', 'VFR', 'MVFR']),
        'ceiling_ft', 100 * pg_temp.between('ceiling', f.n * 3 + k, 25, 120),
        'visibility_sm', pg_temp.between('visibility', f.n * 3 + k, 5, 10),
        'wind_kt', pg_temp.between('wind', f.n * 3 + k, 2, 14)
    ),
    (0.60 + 0.39 * pg_temp.unit('confidence', f.n * 3 + k))::numeric(3, 2),
    f.warned_at + interval '1 minute'
FROM pg_temp.facts(%(lo)s, %(hi)s) AS f
CROSS JOIN generate_series(0, 2) AS k
WHERE f.moved_to IS NOT NULL OR f.status = 'RESCHEDULING';
