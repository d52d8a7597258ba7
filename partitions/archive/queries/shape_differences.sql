-- In what a partition does not fit under another parent, one line each: columns, CHECKs, indexes and foreign keys that
-- ATTACH would refuse or make while everybody waits.
WITH columns AS (
    SELECT
        a.attrelid,
        a.attname,
        format('%%I %%s', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)) AS definition,
        a.attnotnull,
        a.attgenerated
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid IN (%(leaf)s, %(archive)s) AND a.attnum > 0 AND NOT a.attisdropped
),

checks AS (
    SELECT conrelid, conname, pg_catalog.pg_get_constraintdef(oid) AS definition
    FROM pg_catalog.pg_constraint
    WHERE conrelid IN (%(leaf)s, %(archive)s) AND contype = 'c'
),

indexes AS (
    SELECT
        i.indrelid,
        i.indisunique,
        regexp_replace(pg_catalog.pg_get_indexdef(i.indexrelid), '^.* USING ', '') AS definition
    FROM pg_catalog.pg_index AS i
    WHERE i.indrelid IN (%(leaf)s, %(archive)s) AND i.indisvalid
)

SELECT format('it has no column %%s', theirs.definition) AS difference
FROM columns AS theirs
WHERE
    theirs.attrelid = %(archive)s
    AND NOT EXISTS (
        SELECT FROM columns AS mine WHERE mine.attrelid = %(leaf)s AND mine.definition = theirs.definition
    )
UNION ALL
SELECT format('the archive table has no column %%s', mine.definition)
FROM columns AS mine
WHERE
    mine.attrelid = %(leaf)s
    AND NOT EXISTS (
        SELECT FROM columns AS theirs WHERE theirs.attrelid = %(archive)s AND theirs.definition = mine.definition
    )
UNION ALL
SELECT format('its column %%I may be NULL', theirs.attname)
FROM columns AS theirs
INNER JOIN columns AS mine ON theirs.attname = mine.attname
WHERE theirs.attrelid = %(archive)s AND mine.attrelid = %(leaf)s AND theirs.attnotnull AND NOT mine.attnotnull
UNION ALL
SELECT format('its column %%I is generated differently', theirs.attname)
FROM columns AS theirs
INNER JOIN columns AS mine ON theirs.attname = mine.attname
WHERE theirs.attrelid = %(archive)s AND mine.attrelid = %(leaf)s AND theirs.attgenerated <> mine.attgenerated
UNION ALL
SELECT format('it has no constraint %%I %%s', theirs.conname, theirs.definition)
FROM checks AS theirs
WHERE
    theirs.conrelid = %(archive)s
    AND NOT EXISTS (
        SELECT FROM checks AS mine
        WHERE mine.conrelid = %(leaf)s AND mine.conname = theirs.conname AND mine.definition = theirs.definition
    )
UNION ALL
SELECT format('it has no index like that of the archive table, %%s', theirs.definition)
FROM indexes AS theirs
WHERE
    theirs.indrelid = %(archive)s
    AND NOT EXISTS (
        SELECT FROM indexes AS mine
        WHERE
            mine.indrelid = %(leaf)s AND mine.definition = theirs.definition
            AND (mine.indisunique OR NOT theirs.indisunique)
    )
UNION ALL
SELECT format('the archive table has the foreign key %%I, which would be checked while everybody waits', f.conname)
FROM pg_catalog.pg_constraint AS f
WHERE
    f.conrelid = %(archive)s AND f.contype = 'f'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint AS mine
        WHERE
            mine.conrelid = %(leaf)s AND mine.contype = 'f'
            AND pg_catalog.pg_get_constraintdef(mine.oid) = pg_catalog.pg_get_constraintdef(f.oid)
    )
