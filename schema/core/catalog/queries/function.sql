select
    p.tableoid::int8 as classid,
    p.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, p.proname, oidvectortypes(p.proargtypes)]::text[] as names,
    p.prokind,
    pg_get_functiondef(p.oid) as definition,
    case
        when p.proowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(p.proowner)
    end as owner,
    pg_get_function_arguments(p.oid) as extra_arguments,
    p.proargnames as extra_names,
    pg_get_function_result(p.oid) as extra_result,
    l.lanname as extra_language,
    case when p.prorettype in ('trigger'::regtype, 'event_trigger'::regtype) then true end as extra_returns_trigger
from pg_proc as p
inner join pg_namespace as n on p.pronamespace = n.oid
inner join pg_language as l on p.prolang = l.oid
cross join pg_database as d
where
    d.datname = current_database()
    and p.prokind in ('f', 'p', 'w')
    and p.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and p.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_proc'::regclass
    )
    -- The constructors of a range type come and go with it.
    and p.oid not in (
        select i.objid from pg_depend as i
        where i.refclassid = 'pg_type'::regclass and i.deptype = 'i' and i.classid = 'pg_proc'::regclass
    )
