select
    c.tableoid::int8 as classid,
    c.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, c.relname]::text[] as names,
    pg_get_viewdef(c.oid) as definition,
    c.reloptions as options,
    defaults.list as defaults,
    case
        when c.relowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(c.relowner)
    end as owner,
    coalesce(attributes.list, '[]') as extra_columns
from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
cross join pg_database as d
left join (
    select
        x.adrelid,
        jsonb_object_agg(a.attname, pg_get_expr(x.adbin, x.adrelid)) as list
    from pg_attrdef as x
    inner join pg_class as r on x.adrelid = r.oid and r.relkind = 'v'
    inner join pg_attribute as a on x.adrelid = a.attrelid and x.adnum = a.attnum
    group by x.adrelid
) as defaults on c.oid = defaults.adrelid
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
    inner join pg_attribute as a on r.oid = a.attrelid and a.attnum > 0 and not a.attisdropped
    inner join pg_type as y on a.atttypid = y.oid
    left join pg_collation as co on a.attcollation = co.oid
    left join pg_namespace as cn on co.collnamespace = cn.oid
    where r.relkind = 'v' and r.oid >= 16384
    group by a.attrelid
) as attributes on c.oid = attributes.attrelid
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
