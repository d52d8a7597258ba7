select
    n.tableoid::int8 as classid,
    n.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname]::text[] as names,
    case
        when n.nspowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(n.nspowner)
    end as owner
from pg_namespace as n
cross join pg_database as d
where
    d.datname = current_database()
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and n.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_namespace'::regclass
    )
