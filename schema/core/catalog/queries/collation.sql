select
    k.tableoid::int8 as classid,
    k.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    -- The columns differ from version to version, so the row is taken whole, without object ids and versions.
    to_jsonb(k) - '{oid,collname,collnamespace,collowner,collversion}'::text[] as definition,
    case
        when k.collowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(k.collowner)
    end as owner
from pg_collation as k
inner join pg_namespace as n on k.collnamespace = n.oid
cross join pg_database as d
cross join pg_identify_object(k.tableoid, k.oid, 0) as called
where
    d.datname = current_database()
    and k.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and k.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_collation'::regclass
    )
