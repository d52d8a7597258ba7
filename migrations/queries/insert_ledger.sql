-- One applied, undone or stamped revision.
INSERT INTO airside.ledger (revision, direction, checksum, duration_ms, fingerprint, airside_version)
VALUES (%s, %s, %s, %s, %s, %s);
