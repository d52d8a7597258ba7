select
    t.tableoid::int8 as classid,
    t.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, t.typname]::text[] as names,
    coalesce(attributes.list, '[]') as attributes,
    case
        when t.typowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(t.typowner)
    end as owner
from pg_type as t
inner join pg_namespace as n on t.typnamespace = n.oid
cross join pg_database as d
inner join pg_class as c on t.typrelid = c.oid and c.relkind = 'c'
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
    where r.relkind = 'c' and r.oid >= 16384
    group by a.attrelid
) as attributes on c.oid = attributes.attrelid
where
    d.datname = current_database()
    and t.typtype = 'c'
    and t.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and t.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_type'::regclass
    )
