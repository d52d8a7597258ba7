-- The checksum each revision that is still applied was last applied with.
SELECT l.revision, l.checksum
FROM (
    SELECT DISTINCT ON (revision) revision, direction, checksum
    FROM airside.ledger
    ORDER BY revision ASC, id DESC
) AS l
WHERE l.direction <> 'down';
