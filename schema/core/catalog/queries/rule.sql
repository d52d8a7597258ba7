select
    r.tableoid::int8 as classid,
    r.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, c.relname, r.rulename]::text[] as names,
    pg_get_ruledef(r.oid) as definition,
    nullif(r.ev_enabled, 'O') as enabled
from pg_rewrite as r
inner join pg_class as c on r.ev_class = c.oid
inner join pg_namespace as n on c.relnamespace = n.oid
where
    r.rulename <> '_RETURN'
    and r.oid >= 16384
    and not c.relispartition
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and c.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_class'::regclass
    )
