UPDATE airside.archives
SET
    state = %(state)s,
    grace_until = coalesce(%(grace_until)s, grace_until),
    details = details || %(details)s,
    changed_at = clock_timestamp()
WHERE id = %(number)s AND state IN (SELECT unnest(%(expected)s::text[]));
