-- The transaction this session is in (its start tells one from the next), and the timeouts in effect, in milliseconds.
SELECT
    pg_catalog.pg_backend_pid(),
    pg_catalog.now()::text,
    (SELECT setting::bigint FROM pg_catalog.pg_settings WHERE name = 'lock_timeout'),
    (SELECT setting::bigint FROM pg_catalog.pg_settings WHERE name = 'statement_timeout')
