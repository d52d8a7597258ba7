select
    t.tableoid::int8 as classid,
    t.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, t.typname]::text[] as names,
    format_type(t.typbasetype, t.typtypmod) as type,
    case
        when t.typcollation <> b.typcollation then quote_ident(cn.nspname) || '.' || quote_ident(co.collname)
    end as collation,
    nullif(t.typnotnull, false) as not_null,
    pg_get_expr(t.typdefaultbin, 0) as "default",
    checks.list as constraints,
    case
        when t.typowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(t.typowner)
    end as owner
from pg_type as t
inner join pg_namespace as n on t.typnamespace = n.oid
cross join pg_database as d
inner join pg_type as b on t.typbasetype = b.oid
left join pg_collation as co on t.typcollation = co.oid
left join pg_namespace as cn on co.collnamespace = cn.oid
left join (
    select
        k.contypid,
        jsonb_object_agg(k.conname, pg_get_constraintdef(k.oid)) as list
    from pg_constraint as k
    where k.contypid <> 0 and k.contype = 'c' and k.oid >= 16384
    group by k.contypid
) as checks on t.oid = checks.contypid
where
    d.datname = current_database()
    and t.typtype = 'd'
    and t.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and t.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_type'::regclass
    )
