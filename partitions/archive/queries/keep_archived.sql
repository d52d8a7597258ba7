UPDATE airside.archives
SET grace_until = greatest(grace_until, clock_timestamp() + %(grace)s), changed_at = clock_timestamp()
WHERE id = %(number)s;
