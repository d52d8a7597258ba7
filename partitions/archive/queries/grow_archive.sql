-- In the transaction of each batch, so that the ledger counts what has moved even when the run is killed. A line whose
-- rows somebody has brought back meanwhile is left as it is.
UPDATE airside.archives
SET
    row_count = row_count + %(rows)s,
    changed_at = clock_timestamp(),
    details = details || jsonb_build_object('until', now())
WHERE id = %(number)s AND state = 'verified'
RETURNING id
