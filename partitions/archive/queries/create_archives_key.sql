-- Two runs at once: a leaf that is there has at most one archive under way. After its drop the oid may come again.
CREATE UNIQUE INDEX IF NOT EXISTS archives_open_key ON airside.archives (leaf_oid)
WHERE state IN ('copied', 'verified') AND target <> 'tables';
