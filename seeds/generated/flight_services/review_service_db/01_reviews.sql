-- airside: per booking
INSERT INTO reviews (
    id, booking_id, user_id, review_type, airline_code, flight_number, airport_code, overall_rating, cabin_rating,
    service_rating, food_rating, entertainment_rating, value_rating, title, review_text, cabin_class, travel_date,
    verified_booking, status, moderated_by, moderated_at, created_at, updated_at
)
SELECT
    pg_temp.id('review', r.n),
    pg_temp.id('booking', r.n),
    pg_temp.id('user', r.u),
    r.about,
    CASE WHEN r.about <> 'AIRPORT' THEN pg_temp.airline(r.airline) END,
    CASE WHEN r.about = 'FLIGHT' THEN pg_temp.airline(r.airline)
        || pg_temp.between('flight number', r.origin * 40 + r.destination, 10, 999)
    END,
    CASE WHEN r.about = 'AIRPORT' THEN pg_temp.airport(r.destination) END,
    r.rating,
    greatest(1, least(5, r.rating + pg_temp.between('review cabin', r.n, -1, 1)::int)),
    greatest(1, least(5, r.rating + pg_temp.between('review service', r.n, -1, 1)::int)),
    CASE WHEN r.minutes > 120 THEN greatest(1, least(5, r.rating + pg_temp.between('review food', r.n, -2, 1)::int)) END,
    CASE WHEN r.minutes > 300 THEN greatest(1, least(5, r.rating + pg_temp.between('review films', r.n, -1, 1)::int)) END,
    greatest(1, least(5, r.rating + pg_temp.between('review value', r.n, -1, 1)::int)),
    (ARRAY['Never again', 'Disappointing', 'It was all right', 'A good trip', 'Could not be better'])[r.rating],
    CASE WHEN pg_temp.chance('review has text', r.n, 0.7) THEN
        'From ' || pg_temp.airport_city(r.origin) || ' to ' || pg_temp.airport_city(r.destination) || '. '
        || (ARRAY[
            'We waited for hours and nobody told us why.', 'The seat was worn and the crew in a hurry.',
            'On time, nothing special.', 'Friendly crew, smooth boarding, bags came soon.',
            'The crew went out of their way for us.'
        ])[r.rating]
    END,
    r.cabin,
    (r.departs AT TIME ZONE 'UTC')::date,
    true,
    r.state,
    CASE WHEN r.state <> 'PENDING' THEN pg_temp.staff('review moderator', r.n) END,
    CASE WHEN r.state <> 'PENDING' THEN least(r.created_at + interval '6 hours', pg_temp.until()) END,
    r.created_at,
    r.created_at AS updated_at
FROM pg_temp.review_facts(%(lo)s, %(hi)s) AS r;
