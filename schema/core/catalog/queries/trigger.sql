select
    t.tableoid::int8 as classid,
    t.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, c.relname, t.tgname]::text[] as identity,
    jsonb_strip_nulls(jsonb_build_object(
        'definition', pg_get_triggerdef(t.oid),
        'enabled', nullif(t.tgenabled, 'O')
    )) as properties,
    jsonb_strip_nulls(jsonb_build_object(
        'constraint', case when t.tgconstraint <> 0 then true end,
        'function', jsonb_build_array(pn.nspname, p.proname)
    )) as extra
from pg_trigger as t
inner join pg_class as c on c.oid = t.tgrelid
inner join pg_namespace as n on n.oid = c.relnamespace
inner join pg_proc as p on p.oid = t.tgfoid
inner join pg_namespace as pn on pn.oid = p.pronamespace
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
