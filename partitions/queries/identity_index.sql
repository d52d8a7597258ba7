-- The index of a new partition that is the same as the one its parent is identified by for replication.
SELECT mine.relname
FROM pg_catalog.pg_index AS theirs
INNER JOIN pg_catalog.pg_index AS i ON i.indrelid = to_regclass(%(leaf)s)
INNER JOIN pg_catalog.pg_class AS mine ON i.indexrelid = mine.oid
WHERE
    theirs.indrelid = %(parent)s AND theirs.indisreplident
    AND i.indisunique AND i.indisprimary = theirs.indisprimary AND i.indpred IS NULL AND i.indexprs IS NULL
    AND array(
        SELECT a.attname FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = i.indexrelid ORDER BY a.attnum
    ) = array(
        SELECT a.attname FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = theirs.indexrelid ORDER BY a.attnum
    )
ORDER BY mine.relname
LIMIT 1
