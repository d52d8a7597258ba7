INSERT INTO airside.archives (
    source_schema, source_table, leaf_schema, leaf, leaf_oid, lower_bound, upper_bound, target, location,
    row_count, digest, manifest_sha256, size_bytes, state, grace_until, details
) VALUES (
    %(source_schema)s, %(source_table)s, %(leaf_schema)s, %(leaf)s, %(leaf_oid)s, %(lower_bound)s, %(upper_bound)s, %(target)s, %(location)s,
    %(row_count)s, %(digest)s, %(manifest_sha256)s, %(size_bytes)s, %(state)s, %(grace_until)s, %(details)s
)
RETURNING id;
