select
    x.tableoid::int8 as classid,
    x.oid::int8 as objid,
    0 as objsubid,
    array[x.extname]::text[] as names,
    n.nspname as schema,
    x.extversion as version
from pg_extension as x
inner join pg_namespace as n on x.extnamespace = n.oid
