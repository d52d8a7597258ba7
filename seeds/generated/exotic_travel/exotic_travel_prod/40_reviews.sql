-- airside: per booking
-- Nearly half of those who went say how it was, in the month after.
INSERT INTO reviews (
    id, user_id, destination_id, booking_id, rating, comment, helpful_count, created_at, updated_at
)
SELECT
    pg_temp.row_id(r.n),
    pg_temp.row_id(r.person),
    pg_temp.row_id(r.destination),
    pg_temp.row_id(r.n),
    r.rating,
    CASE
        WHEN pg_temp.chance('comment', r.n, 0.8)
            THEN (ARRAY[
                'Nothing was as promised. ',
                'Not worth the money. ',
                'Good in parts. ',
                'We would come again. ',
                'The best trip of our lives. '
            ])[r.rating]
            || pg_temp.pick('detail', r.n, ARRAY[
                'The guide made all the difference.',
                'Go in spring if you can.',
                'The food deserves a review of its own.',
                'Bring good shoes.',
                'The way there is long.',
                'We miss the mornings.'
            ])
    END,
    pg_temp.skewed('helpful', r.n, 25),
    r.written,
    r.written
FROM (
    SELECT
        f.n,
        f.person,
        f.destination,
        -- a destination is good or not; most are
        (1 + floor(5 * power(
            pg_temp.unit('rating', f.n), 0.15 + 0.6 * power(pg_temp.unit('quality', f.destination), 2)
        )))::int AS rating,
        pg_temp.moment('reviewed', f.n, f.end_date AT TIME ZONE 'UTC', (f.end_date + 30) AT TIME ZONE 'UTC') AS written
    FROM pg_temp.facts(%(lo)s, %(hi)s) AS f
    WHERE f.status = 'completed' AND pg_temp.chance('reviews', f.n, 0.45)
    OFFSET 0
) AS r
WHERE r.written < pg_temp.until();
