-- Not tableoid: only a superuser reads it here, everybody the columns below.
select
    'pg_subscription'::regclass::int8 as classid,
    s.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    s.subenabled as enabled,
    s.subslotname as slot,
    s.subpublications as publications,
    case
        when s.subowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(s.subowner)
    end as owner
from pg_subscription as s
cross join pg_database as d
cross join pg_identify_object('pg_subscription'::regclass, s.oid, 0) as called
where
    d.datname = current_database()
    and s.oid >= 16384
    and s.subdbid = d.oid
    and s.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_subscription'::regclass
    )
