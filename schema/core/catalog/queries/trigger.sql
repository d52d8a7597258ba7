select
    t.tableoid::int8 as classid,
    t.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, c.relname, t.tgname]::text[] as names,
    pg_get_triggerdef(t.oid) as definition,
    nullif(t.tgenabled, 'O') as enabled,
    case when t.tgconstraint <> 0 then true end as extra_constraint,
    array[pn.nspname, p.proname]::text[] as extra_function
from pg_trigger as t
inner join pg_class as c on t.tgrelid = c.oid
inner join pg_namespace as n on c.relnamespace = n.oid
inner join pg_proc as p on t.tgfoid = p.oid
inner join pg_namespace as pn on p.pronamespace = pn.oid
where
    not t.tgisinternal
    and t.tgparentid = 0
    and t.oid >= 16384
    and not c.relispartition
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and c.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_class'::regclass
    )
