with named as (
    select
        x.indexrelid,
        array_agg(a.attname::text order by u.place) as columns
    from pg_index as x
    inner join pg_class as c on x.indrelid = c.oid and not c.relispartition
    cross join unnest(x.indkey::int2[]) with ordinality as u (attnum, place)
    inner join pg_attribute as a on x.indrelid = a.attrelid and u.attnum = a.attnum
    where x.indexrelid >= 16384 and u.attnum <> 0
    group by x.indexrelid
),

targets as (
    select
        a.attrelid,
        jsonb_agg(jsonb_build_array(a.attnum, a.attstattarget) order by a.attnum) as list
    from pg_attribute as a
    where a.attrelid >= 16384 and a.attnum > 0 and a.attstattarget >= 0
    group by a.attrelid
)

select
    i.tableoid::int8 as classid,
    i.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, i.relname]::text[] as names,
    array[cn.nspname, c.relname]::text[] as table,
    case i.relkind
        when 'I' then regexp_replace(pg_get_indexdef(i.oid), ' ON ONLY ', ' ON ')
        else pg_get_indexdef(i.oid)
    end as definition,
    s.spcname as tablespace,
    case when not x.indisvalid then true end as invalid,
    targets.list as statistics,
    nullif(x.indisunique, false) as extra_unique,
    case when i.relkind = 'I' then true end as extra_partitioned,
    coalesce(named.columns, '{}') as extra_columns,
    c.relkind as extra_relkind
from pg_index as x
inner join pg_class as i on x.indexrelid = i.oid
inner join pg_namespace as n on i.relnamespace = n.oid
inner join pg_class as c on x.indrelid = c.oid
inner join pg_namespace as cn on c.relnamespace = cn.oid
left join pg_tablespace as s on i.reltablespace = s.oid
left join named on x.indexrelid = named.indexrelid
left join targets on x.indexrelid = targets.attrelid
where
    x.indexrelid >= 16384
    and not c.relispartition
    and not exists (
        select 1 from pg_constraint as k
        where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x')
    )
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and c.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_class'::regclass
    )
