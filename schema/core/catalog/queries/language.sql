select
    l.tableoid::int8 as classid,
    l.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    l.lanpltrusted as trusted,
    case when l.lanplcallfoid <> 0 then l.lanplcallfoid::regprocedure::text end as handler,
    case when l.laninline <> 0 then l.laninline::regprocedure::text end as inline,
    case when l.lanvalidator <> 0 then l.lanvalidator::regprocedure::text end as validator,
    case
        when l.lanowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(l.lanowner)
    end as owner
from pg_language as l
cross join pg_database as d
cross join pg_identify_object(l.tableoid, l.oid, 0) as called
where
    d.datname = current_database()
    and l.oid >= 16384
    and l.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_language'::regclass
    )
