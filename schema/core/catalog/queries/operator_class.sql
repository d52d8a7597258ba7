select
    o.tableoid::int8 as classid,
    o.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    quote_ident(fn.nspname) || '.' || quote_ident(f.opfname) as family,
    format_type(o.opcintype, null) as type,
    nullif(o.opcdefault, false) as "default",
    case when o.opckeytype <> 0 then format_type(o.opckeytype, null) end as key_type,
    case
        when o.opcowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(o.opcowner)
    end as owner
from pg_opclass as o
inner join pg_namespace as n on o.opcnamespace = n.oid
cross join pg_database as d
cross join pg_identify_object(o.tableoid, o.oid, 0) as called
inner join pg_opfamily as f on o.opcfamily = f.oid
inner join pg_namespace as fn on f.opfnamespace = fn.oid
where
    d.datname = current_database()
    and o.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and o.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_opclass'::regclass
    )
