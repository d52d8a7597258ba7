-- airside: per departure
-- route_id is for the trigger to fill.
INSERT INTO flight_instances (
    id,
    flight_id,
    departure_datetime,
    arrival_datetime,
    actual_departure,
    actual_arrival,
    gate,
    terminal,
    status,
    delay_minutes,
    cancellation_reason,
    created_at,
    updated_at
)
SELECT
    pg_temp.id('departure', d.n),
    pg_temp.id('flight', d.flight),
    d.departs,
    d.arrives,
    CASE WHEN d.status IN ('departed', 'arrived') THEN d.departs + make_interval(mins => d.delay) END,
    CASE WHEN d.status = 'arrived' THEN d.arrives + make_interval(mins => d.delay) END,
    CASE
        WHEN d.departs < pg_temp.until() + interval '1 day'
            THEN pg_temp.pick('gate letter', d.n, ARRAY['A', 'B', 'C', 'D']) || pg_temp.between('gate', d.n, 1, 48)
    END,
    pg_temp.pick('terminal', d.leg, ARRAY['1', '2', '3']),
    d.status,
    CASE WHEN d.grounded THEN 0 ELSE d.delay END,
    CASE
        WHEN d.grounded
            THEN pg_temp.pick('grounded', d.n, ARRAY['Weather', 'Weather', 'Technical fault', 'Crew', 'Air traffic control'])
    END,
    d.departs - interval '330 days',
    CASE d.status
        WHEN 'cancelled' THEN d.departs - interval '2 hours'
        WHEN 'arrived' THEN d.arrives + make_interval(mins => d.delay)
        WHEN 'departed' THEN d.departs + make_interval(mins => d.delay)
        WHEN 'scheduled' THEN d.departs - interval '330 days'
        ELSE pg_temp.until()
    END
FROM (
    SELECT
        f.*,
        CASE
            WHEN f.grounded THEN 'cancelled'
            WHEN f.arrives + make_interval(mins => f.delay) <= pg_temp.until() THEN 'arrived'
            WHEN f.departs + make_interval(mins => f.delay) <= pg_temp.until() THEN 'departed'
            WHEN f.delay > 0 THEN 'delayed'
            WHEN f.departs < pg_temp.until() + interval '40 minutes' THEN 'boarding'
            ELSE 'scheduled'
        END AS status
    FROM pg_temp.departure_facts(%(lo)s, %(hi)s) AS f
    OFFSET 0
) AS d;
