SELECT
    id,
    source_schema,
    source_table,
    leaf_schema,
    leaf,
    leaf_oid::bigint AS leaf_oid,
    lower_bound,
    upper_bound,
    target,
    location,
    row_count,
    digest,
    manifest_sha256,
    size_bytes,
    state,
    grace_until,
    archived_by,
    archived_at,
    changed_at,
    details
FROM airside.archives
ORDER BY source_schema, source_table, lower_bound, id;
