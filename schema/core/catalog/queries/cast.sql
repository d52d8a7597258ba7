select
    k.tableoid::int8 as classid,
    k.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    case when k.castfunc <> 0 then k.castfunc::regprocedure::text end as function,
    k.castcontext as context,
    k.castmethod as method
from pg_cast as k
cross join pg_identify_object(k.tableoid, k.oid, 0) as called
where
    k.oid >= 16384
    and k.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_cast'::regclass
    )
    -- The cast from a range type to its multirange comes and goes with it.
    and k.oid not in (
        select i.objid from pg_depend as i
        where i.refclassid = 'pg_type'::regclass and i.deptype = 'i' and i.classid = 'pg_cast'::regclass
    )
