select
    t.tableoid::int8 as classid,
    t.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    case when t.tmplinit <> 0 then t.tmplinit::text end as init,
    t.tmpllexize::text as lexize
from pg_ts_template as t
inner join pg_namespace as n on t.tmplnamespace = n.oid
cross join pg_identify_object(t.tableoid, t.oid, 0) as called
where
    t.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and t.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_ts_template'::regclass
    )
