select
    p.tableoid::int8 as classid,
    p.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, p.proname, oidvectortypes(p.proargtypes)]::text[] as identity,
    jsonb_build_object(
        'prokind', p.prokind,
        'definition', pg_get_functiondef(p.oid),
        'owner', case
            when p.proowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
            else pg_get_userbyid(p.proowner)
        end
    ) as properties,
    jsonb_strip_nulls(jsonb_build_object(
        'arguments', pg_get_function_arguments(p.oid),
        'names', to_jsonb(p.proargnames),
        'result', pg_get_function_result(p.oid),
        'language', l.lanname,
        'returns_trigger', case when p.prorettype in ('trigger'::regtype, 'event_trigger'::regtype) then true end
    )) as extra
from pg_proc as p
inner join pg_namespace as n on n.oid = p.pronamespace
inner join pg_language as l on l.oid = p.prolang
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
