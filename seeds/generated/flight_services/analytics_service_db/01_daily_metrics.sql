-- airside: per day
-- What the events of the day come to. Of days whose searches are gone, searches are as many as bookings let expect.
INSERT INTO daily_metrics (
    id, metric_date, total_searches, total_bookings, total_revenue, search_to_booking_rate, average_booking_value,
    new_users, active_users, top_routes, calculated_at
)
WITH booked AS (
    SELECT
        (b.created_at AT TIME ZONE 'UTC')::date AS day,
        b.u,
        b.origin,
        b.destination,
        b.confirmed_at IS NOT NULL AS paid,
        b.base_usd + b.taxes_usd + b.fees_usd AS usd
    FROM pg_temp.booking_facts(0, pg_temp.bookings()) AS b
    OFFSET 0
),

sold AS (
    SELECT
        day,
        count(*) AS bookings,
        count(*) FILTER (WHERE paid) AS paid,
        coalesce(sum(usd) FILTER (WHERE paid), 0) AS revenue,
        count(DISTINCT u) AS users
    FROM booked
    GROUP BY day
),

routes AS (
    SELECT
        day,
        jsonb_agg(
            jsonb_build_object('route', pg_temp.airport(origin) || '-' || pg_temp.airport(destination), 'bookings', bookings)
            ORDER BY place
        ) AS top
    FROM (
        SELECT
            day, origin, destination,
            count(*) AS bookings,
            row_number() OVER (PARTITION BY day ORDER BY count(*) DESC, origin ASC, destination ASC) AS place
        FROM booked
        GROUP BY day, origin, destination
    ) AS ranked
    WHERE place <= 5
    GROUP BY day
),

joined AS (
    SELECT
        (pg_temp.user_created_at(i) AT TIME ZONE 'UTC')::date AS day,
        count(*) AS users
    FROM pg_temp.numbers(0, pg_temp.scale()) AS i
    GROUP BY 1
),

searched AS (
    SELECT
        (s.created_at AT TIME ZONE 'UTC')::date AS day,
        count(*) AS searches
    FROM pg_temp.search_facts(0, pg_temp.searches()) AS s
    GROUP BY 1
),

figures AS (
    SELECT
        d.day,
        CASE WHEN d.day::timestamp AT TIME ZONE 'UTC' >= pg_temp.searches_since() THEN coalesce(searched.searches, 0)
            ELSE coalesce(sold.bookings, 0) * 11
        END AS searches,
        coalesce(sold.bookings, 0) AS bookings,
        coalesce(sold.paid, 0) AS paid,
        coalesce(sold.revenue, 0) AS revenue,
        coalesce(joined.users, 0) AS joined,
        coalesce(sold.users, 0) AS active,
        routes.top
    FROM (
        SELECT (pg_temp.since() AT TIME ZONE 'UTC')::date + i::int AS day
        FROM pg_temp.numbers(%(lo)s, %(hi)s) AS i
        OFFSET 0
    ) AS d
    LEFT JOIN sold ON d.day = sold.day
    LEFT JOIN routes ON d.day = routes.day
    LEFT JOIN joined ON d.day = joined.day
    LEFT JOIN searched ON d.day = searched.day
)

SELECT
    pg_temp.id('day', day - '2000-01-01'::date),
    day,
    searches,
    bookings,
    revenue,
    CASE WHEN searches > 0 THEN least(999.99, round(100.0 * bookings / searches, 2)) END,
    CASE WHEN paid > 0 THEN round(revenue / paid, 2) END,
    joined,
    active,
    coalesce(top, '[]'::jsonb),
    (day + 1)::timestamp AT TIME ZONE 'UTC' + interval '2 hours'
FROM figures;
