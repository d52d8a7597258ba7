select
    c.tableoid::int8 as classid,
    c.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, c.relname]::text[] as identity,
    jsonb_strip_nulls(jsonb_build_object(
        'definition', pg_get_viewdef(c.oid),
        'options', to_jsonb(c.reloptions),
        'defaults', defaults.list,
        'owner', case
            when c.relowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
            else pg_get_userbyid(c.relowner)
        end
    )) as properties,
    jsonb_build_object('columns', coalesce(attributes.list, '[]')) as extra
from pg_class as c
inner join pg_namespace as n on n.oid = c.relnamespace
cross join pg_database as d
left join (
    select
        x.adrelid,
        jsonb_object_agg(a.attname, pg_get_expr(x.adbin, x.adrelid)) as list
    from pg_attrdef as x
    inner join pg_class as r on r.oid = x.adrelid and r.relkind = 'v'
    inner join pg_attribute as a on a.attrelid = x.adrelid and a.attnum = x.adnum
    group by x.adrelid
) as defaults on defaults.adrelid = c.oid
left join (
    select
        a.attrelid,
        jsonb_agg(
            jsonb_build_array(
                a.attname,
                format_type(a.atttypid, a.atttypmod),
                case
                    when a.attcollation <> y.typcollation
                        then quote_ident(cn.nspname) || '.' || quote_ident(co.collname)
                end
            ) order by a.attnum
        ) as list
    from pg_class as r
    inner join pg_attribute as a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    inner join pg_type as y on y.oid = a.atttypid
    left join pg_collation as co on co.oid = a.attcollation
    left join pg_namespace as cn on cn.oid = co.collnamespace
    where r.relkind = 'v' and r.oid >= 16384
    group by a.attrelid
) as attributes on attributes.attrelid = c.oid
where
    d.datname = current_database()
    and c.relkind = 'v'
    and c.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and c.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_class'::regclass
    )
