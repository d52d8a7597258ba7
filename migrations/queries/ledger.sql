-- The whole ledger, oldest first.
SELECT id, revision, direction, checksum, applied_by, applied_at, duration_ms, fingerprint
FROM airside.ledger
ORDER BY id;
