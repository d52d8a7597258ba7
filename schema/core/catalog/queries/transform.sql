select
    t.tableoid::int8 as classid,
    t.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    case when t.trffromsql <> 0 then t.trffromsql::regprocedure::text end as from_sql,
    case when t.trftosql <> 0 then t.trftosql::regprocedure::text end as to_sql
from pg_transform as t
cross join pg_identify_object(t.tableoid, t.oid, 0) as called
where
    t.oid >= 16384
    and t.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_transform'::regclass
    )
