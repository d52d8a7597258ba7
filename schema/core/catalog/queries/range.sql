select
    t.tableoid::int8 as classid,
    t.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, t.typname]::text[] as names,
    format_type(r.rngsubtype, null) as subtype,
    case
        when r.rngcollation <> s.typcollation then quote_ident(cn.nspname) || '.' || quote_ident(co.collname)
    end as collation,
    case when not o.opcdefault then quote_ident(opn.nspname) || '.' || quote_ident(o.opcname) end as opclass,
    case when r.rngcanonical <> 0 then r.rngcanonical::text end as canonical,
    case when r.rngsubdiff <> 0 then r.rngsubdiff::text end as subtype_diff,
    m.typname as multirange,
    case
        when t.typowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(t.typowner)
    end as owner
from pg_type as t
inner join pg_namespace as n on t.typnamespace = n.oid
cross join pg_database as d
inner join pg_range as r on t.oid = r.rngtypid
inner join pg_type as s on r.rngsubtype = s.oid
inner join pg_opclass as o on r.rngsubopc = o.oid
inner join pg_namespace as opn on o.opcnamespace = opn.oid
left join pg_type as m on r.rngmultitypid = m.oid
left join pg_collation as co on r.rngcollation = co.oid
left join pg_namespace as cn on co.collnamespace = cn.oid
where
    d.datname = current_database()
    and t.typtype = 'r'
    and t.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and t.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_type'::regclass
    )
