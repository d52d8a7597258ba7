-- What a moved partition holds where it is now.
UPDATE airside.archives
SET row_count = %(rows)s, digest = %(digest)s, changed_at = clock_timestamp()
WHERE id = %(number)s AND state = 'verified'
