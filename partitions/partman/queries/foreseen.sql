-- The partitions that run_maintenance would make next: it adds one interval after the other until it counts enough of
-- them, and counts by rounding the age of the newest one.
WITH RECURSIVE ladder AS (
    SELECT
        given.newest AS lower,
        round(extract(EPOCH FROM age(given.newest, given.current)) / extract(EPOCH FROM given.step)) AS premade
    FROM (SELECT %(newest)s::timestamptz AS newest, %(current)s::timestamptz AS current, %(step)s::interval AS step)
        AS given
    UNION ALL
    SELECT
        l.lower + %(step)s::interval,
        round(
            extract(EPOCH FROM age(l.lower + %(step)s::interval, %(current)s::timestamptz))
            / extract(EPOCH FROM %(step)s::interval)
        )
    FROM ladder AS l
    WHERE l.premade < %(premake)s
)

SELECT
    l.lower,
    l.lower + %(step)s::interval AS upper
FROM ladder AS l
WHERE l.lower > %(newest)s::timestamptz
ORDER BY l.lower
