select
    s.tableoid::int8 as classid,
    s.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, s.stxname]::text[] as names,
    -- PostgreSQL lists the columns by their position, which makes no difference: by name.
    split_part(pg_get_statisticsobjdef(s.oid), ' ON ', 1)
    || ' ON ' || listed.columns
    || ' FROM ' || quote_ident(cn.nspname) || '.' || quote_ident(c.relname) as definition,
    case when s.stxstattarget >= 0 then s.stxstattarget end as target,
    case
        when s.stxowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(s.stxowner)
    end as owner,
    array[cn.nspname, c.relname]::text[] as extra_table
from pg_statistic_ext as s
inner join pg_namespace as n on s.stxnamespace = n.oid
inner join pg_class as c on s.stxrelid = c.oid
inner join pg_namespace as cn on c.relnamespace = cn.oid
cross join pg_database as d
cross join lateral (
    select string_agg(i.item, ', ' order by i.kind, i.item collate "C") as columns
    from (
        select
            1 as kind,
            quote_ident(a.attname) as item
        from pg_attribute as a
        where a.attrelid = s.stxrelid and a.attnum = any(s.stxkeys)
        union all
        select
            2 as kind,
            e.item
        from unnest(pg_get_statisticsobjdef_expressions(s.oid)) as e (item)
    ) as i
) as listed
where
    d.datname = current_database()
    and not c.relispartition
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and s.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_statistic_ext'::regclass
    )
