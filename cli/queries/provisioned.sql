-- The databases that have an owner role of ours.
SELECT d.datname
FROM pg_catalog.pg_database AS d
INNER JOIN pg_catalog.pg_roles AS r ON r.rolname = d.datname || '_owner'
WHERE d.datallowconn;
