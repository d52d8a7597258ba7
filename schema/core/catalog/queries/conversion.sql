select
    k.tableoid::int8 as classid,
    k.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    pg_encoding_to_char(k.conforencoding) as "from",
    pg_encoding_to_char(k.contoencoding) as "to",
    k.conproc::text as function,
    nullif(k.condefault, false) as "default",
    case
        when k.conowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(k.conowner)
    end as owner
from pg_conversion as k
inner join pg_namespace as n on k.connamespace = n.oid
cross join pg_database as d
cross join pg_identify_object(k.tableoid, k.oid, 0) as called
where
    d.datname = current_database()
    and k.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and k.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_conversion'::regclass
    )
