-- What partitions lack that their parents have; one row per kind of fault and object of the parent, with the partitions.
SELECT
    i.inhparent::bigint AS parent_oid,
    'no_row_security' AS kind,
    NULL AS object,
    array_agg(leaf.relname::text ORDER BY leaf.relname) AS leaves
FROM pg_catalog.pg_inherits AS i
INNER JOIN pg_catalog.pg_class AS parent ON i.inhparent = parent.oid
INNER JOIN pg_catalog.pg_class AS leaf ON i.inhrelid = leaf.oid
WHERE parent.relkind = 'p' AND parent.relrowsecurity AND NOT leaf.relrowsecurity AND leaf.relkind IN ('r', 'p')
GROUP BY i.inhparent
UNION ALL
SELECT
    i.inhparent::bigint AS parent_oid,
    CASE WHEN matching.valid IS NULL THEN 'index_missing' ELSE 'index_invalid' END AS kind,
    parent_name.relname::text AS object,
    array_agg(leaf.relname::text ORDER BY leaf.relname) AS leaves
FROM pg_catalog.pg_inherits AS i
INNER JOIN pg_catalog.pg_class AS leaf ON i.inhrelid = leaf.oid AND leaf.relkind IN ('r', 'p')
INNER JOIN pg_catalog.pg_index AS parent_index ON i.inhparent = parent_index.indrelid
INNER JOIN pg_catalog.pg_class AS parent_name ON parent_index.indexrelid = parent_name.oid AND parent_name.relkind = 'I'
LEFT JOIN LATERAL (
    SELECT leaf_index.indisvalid AS valid
    FROM pg_catalog.pg_inherits AS attached
    INNER JOIN pg_catalog.pg_index AS leaf_index ON attached.inhrelid = leaf_index.indexrelid
    WHERE attached.inhparent = parent_index.indexrelid AND leaf_index.indrelid = leaf.oid
) AS matching ON TRUE
WHERE matching.valid IS NOT TRUE
GROUP BY i.inhparent, 2, 3
ORDER BY 1, 2, 3
