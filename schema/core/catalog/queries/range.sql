select
    t.tableoid::int8 as classid,
    t.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, t.typname]::text[] as identity,
    jsonb_strip_nulls(jsonb_build_object(
        'subtype', format_type(r.rngsubtype, null),
        'collation', case
            when r.rngcollation <> s.typcollation then quote_ident(cn.nspname) || '.' || quote_ident(co.collname)
        end,
        'opclass', case when not o.opcdefault then quote_ident(opn.nspname) || '.' || quote_ident(o.opcname) end,
        'canonical', case when r.rngcanonical <> 0 then r.rngcanonical::text end,
        'subtype_diff', case when r.rngsubdiff <> 0 then r.rngsubdiff::text end,
        'multirange', m.typname,
        'owner', case
            when t.typowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
            else pg_get_userbyid(t.typowner)
        end
    )) as properties,
    null::jsonb as extra
from pg_type as t
inner join pg_namespace as n on n.oid = t.typnamespace
cross join pg_database as d
inner join pg_range as r on r.rngtypid = t.oid
inner join pg_type as s on s.oid = r.rngsubtype
inner join pg_opclass as o on o.oid = r.rngsubopc
inner join pg_namespace as opn on opn.oid = o.opcnamespace
left join pg_type as m on m.oid = r.rngmultitypid
left join pg_collation as co on co.oid = r.rngcollation
left join pg_namespace as cn on cn.oid = co.collnamespace
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
