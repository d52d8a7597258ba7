select
    x.tableoid::int8 as classid,
    x.oid::int8 as objid,
    0 as objsubid,
    array[x.extname]::text[] as identity,
    jsonb_build_object('schema', n.nspname, 'version', x.extversion) as properties,
    null::jsonb as extra
from pg_extension as x
inner join pg_namespace as n on n.oid = x.extnamespace
