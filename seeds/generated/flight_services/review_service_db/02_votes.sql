-- airside: per booking
-- Up to four users who find a review helpful or not, none of them its author.
INSERT INTO review_votes (id, review_id, user_id, vote, created_at)
SELECT
    pg_temp.id('review vote', v.n * 4 + v.k),
    pg_temp.id('review', v.n),
    pg_temp.id('user', v.voter),
    CASE WHEN pg_temp.chance('review helps', v.n * 4 + v.k, 0.75) THEN 'HELPFUL' ELSE 'NOT_HELPFUL' END,
    pg_temp.moment(
        'review vote', v.n * 4 + v.k, greatest(v.created_at, pg_temp.user_created_at(v.voter)), pg_temp.until()
    )
FROM (
    SELECT
        r.n,
        r.created_at,
        k,
        -- steps of one past a place that is hashed: all different, and never back at the author
        mod(r.u + 1 + mod(pg_temp.hash('review voters', r.n) / 2 + k, pg_temp.bookers() - 1), pg_temp.bookers()) AS voter
    FROM pg_temp.review_facts(%(lo)s, %(hi)s) AS r
    CROSS JOIN generate_series(0, least(4, pg_temp.bookers() - 1)::int - 1) AS k
    WHERE r.state = 'APPROVED' AND pg_temp.chance('review vote', r.n * 4 + k, 0.3)
    OFFSET 0
) AS v;
