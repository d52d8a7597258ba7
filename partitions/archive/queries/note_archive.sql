UPDATE airside.archives
SET details = details || %(details)s, changed_at = clock_timestamp()
WHERE id = %(number)s;
