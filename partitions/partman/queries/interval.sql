-- An interval in the parts that PostgreSQL keeps apart.
SELECT
    (extract(YEAR FROM i) * 12 + extract(MONTH FROM i))::int AS months,
    extract(DAY FROM i)::int AS days,
    (extract(HOUR FROM i) * 3600 + extract(MINUTE FROM i) * 60 + extract(SECOND FROM i))::float8 AS seconds
FROM cast(%(spelling)s AS interval) AS i
