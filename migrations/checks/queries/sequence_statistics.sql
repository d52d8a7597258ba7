-- How far sequences have counted, and where they end: at their own limit, or at that of the column they feed.
WITH fed AS (
    SELECT
        d.objid AS sequence,
        a.atttypid AS type,
        n.nspname || '.' || c.relname || '.' || a.attname AS path
    FROM pg_catalog.pg_depend AS d
    INNER JOIN pg_catalog.pg_class AS c ON d.refobjid = c.oid
    INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
    INNER JOIN pg_catalog.pg_attribute AS a ON c.oid = a.attrelid AND d.refobjsubid = a.attnum
    WHERE
        d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.deptype IN ('a', 'i')
),

-- the last value is told to those who may read it; asking raises an error for others, for temporary sequences of
-- another session, and on a standby for unlogged ones
counted AS (
    SELECT
        q.seqrelid AS sequence,
        CASE
            WHEN
                pg_catalog.has_sequence_privilege(q.seqrelid, 'USAGE, SELECT')
                AND (s.relpersistence = 'p' OR (s.relpersistence = 'u' AND NOT pg_catalog.pg_is_in_recovery()))
                THEN pg_catalog.pg_sequence_last_value(q.seqrelid)
        END AS last
    FROM pg_catalog.pg_sequence AS q
    INNER JOIN pg_catalog.pg_class AS s ON q.seqrelid = s.oid AND s.relkind = 'S'
)

SELECT
    n.nspname || '.' || c.relname AS relation,
    q.seqstart AS start,
    counted.last,
    CASE
        WHEN q.seqincrement < 0 THEN greatest(
            q.seqmin,
            CASE fed.type WHEN 'int2'::pg_catalog.regtype THEN -32768 WHEN 'int4'::pg_catalog.regtype THEN -2147483648 END
        )
        ELSE least(
            q.seqmax,
            CASE fed.type WHEN 'int2'::pg_catalog.regtype THEN 32767 WHEN 'int4'::pg_catalog.regtype THEN 2147483647 END
        )
    END AS "end",
    fed.path AS feeds
FROM pg_catalog.pg_sequence AS q
INNER JOIN counted ON q.seqrelid = counted.sequence
INNER JOIN pg_catalog.pg_class AS c ON q.seqrelid = c.oid
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
LEFT JOIN fed ON c.oid = fed.sequence
WHERE
    NOT q.seqcycle
    AND n.nspname !~ '^pg_'
    AND n.nspname NOT IN ('information_schema', 'airside')
    AND counted.last IS NOT NULL
ORDER BY n.nspname, c.relname
