-- The rows of a line are back. Where its run has moved more of them meanwhile, they are still to be brought back.
UPDATE airside.archives
SET
    state = 'restored',
    changed_at = clock_timestamp()
WHERE id = %(number)s AND state = 'verified' AND details ->> 'until' = %(until)s
