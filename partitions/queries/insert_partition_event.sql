INSERT INTO airside.partition_ledger (parent, leaf, leaf_oid, event, details)
VALUES (%(table)s, %(leaf)s, coalesce(%(leaf_oid)s::bigint, to_regclass(%(leaf)s)::oid::bigint), %(event)s, %(details)s)
