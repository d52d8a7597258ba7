-- In the transaction of each batch, so that the ledger counts what has moved even when the run is killed.
UPDATE airside.archives
SET
    row_count = row_count + %(rows)s,
    changed_at = clock_timestamp(),
    details = details || jsonb_build_object('until', now())
WHERE id = %(number)s
