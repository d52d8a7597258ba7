select
    s.tableoid::int8 as classid,
    s.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    f.fdwname as wrapper,
    s.srvtype as type,
    s.srvversion as version,
    s.srvoptions as options,
    case
        when s.srvowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(s.srvowner)
    end as owner
from pg_foreign_server as s
cross join pg_database as d
cross join pg_identify_object(s.tableoid, s.oid, 0) as called
inner join pg_foreign_data_wrapper as f on s.srvfdw = f.oid
where
    d.datname = current_database()
    and s.oid >= 16384
    -- those that the archive makes for a second database
    and s.srvname !~ '^airside_'
    and s.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_foreign_server'::regclass
    )
