with named as (
    select
        x.indexrelid,
        jsonb_agg(a.attname order by u.place) as columns
    from pg_index as x
    inner join pg_class as c on c.oid = x.indrelid and not c.relispartition
    cross join unnest(x.indkey::int2[]) with ordinality as u (attnum, place)
    inner join pg_attribute as a on a.attrelid = x.indrelid and a.attnum = u.attnum
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
    array[n.nspname, i.relname]::text[] as identity,
    jsonb_strip_nulls(jsonb_build_object(
        'table', jsonb_build_array(cn.nspname, c.relname),
        'definition', case i.relkind
            when 'I' then regexp_replace(pg_get_indexdef(i.oid), ' ON ONLY ', ' ON ')
            else pg_get_indexdef(i.oid)
        end,
        'tablespace', s.spcname,
        'invalid', case when not x.indisvalid then true end,
        'statistics', targets.list
    )) as properties,
    jsonb_strip_nulls(jsonb_build_object(
        'unique', nullif(x.indisunique, false),
        'partitioned', case when i.relkind = 'I' then true end,
        'columns', coalesce(named.columns, '[]'),
        'relkind', c.relkind
    )) as extra
from pg_index as x
inner join pg_class as i on i.oid = x.indexrelid
inner join pg_namespace as n on n.oid = i.relnamespace
inner join pg_class as c on c.oid = x.indrelid
inner join pg_namespace as cn on cn.oid = c.relnamespace
left join pg_tablespace as s on s.oid = i.reltablespace
left join named on named.indexrelid = x.indexrelid
left join targets on targets.attrelid = x.indexrelid
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
