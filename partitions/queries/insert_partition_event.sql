INSERT INTO airside.partition_ledger (parent, leaf, leaf_oid, event, details)
VALUES (%(table)s, %(leaf)s, %(leaf_oid)s, %(event)s, %(details)s);
