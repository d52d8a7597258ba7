-- Up to where the partitions of each table were ended before.
SELECT
    l.parent,
    max((l.details ->> 'upper')::timestamptz) AS upper
FROM airside.partition_ledger AS l
WHERE l.event IN ('detached', 'dropped') AND l.details ->> 'upper' IS NOT NULL
GROUP BY l.parent
