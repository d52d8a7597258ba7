select
    f.tableoid::int8 as classid,
    f.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    case when f.fdwhandler <> 0 then f.fdwhandler::regprocedure::text end as handler,
    case when f.fdwvalidator <> 0 then f.fdwvalidator::regprocedure::text end as validator,
    f.fdwoptions as options,
    case
        when f.fdwowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(f.fdwowner)
    end as owner
from pg_foreign_data_wrapper as f
cross join pg_database as d
cross join pg_identify_object(f.tableoid, f.oid, 0) as called
where
    d.datname = current_database()
    and f.oid >= 16384
    and f.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_foreign_data_wrapper'::regclass
    )
