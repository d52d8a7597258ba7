select
    m.tableoid::int8 as classid,
    m.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    m.amtype as type,
    m.amhandler::text as handler
from pg_am as m
cross join pg_identify_object(m.tableoid, m.oid, 0) as called
where
    m.oid >= 16384
    and m.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_am'::regclass
    )
