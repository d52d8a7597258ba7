with named as (
    select
        k.oid,
        jsonb_agg(a.attname order by u.place) as columns
    from pg_constraint as k
    inner join pg_class as c on c.oid = k.conrelid and not c.relispartition
    cross join unnest(k.conkey) with ordinality as u (attnum, place)
    inner join pg_attribute as a on a.attrelid = k.conrelid and a.attnum = u.attnum
    where k.contype in ('p', 'u', 'f', 'c', 'x') and k.oid >= 16384
    group by k.oid
)

select
    k.tableoid::int8 as classid,
    k.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, c.relname, k.conname]::text[] as identity,
    k.contype as type,
    case when def.text like '% NOT VALID' then left(def.text, -10) else def.text end as definition,
    case when def.text like '% NOT VALID' then true end as not_valid,
    case when def.text like '% NOT ENFORCED' then true end as not_enforced,
    i.reloptions as index_options,
    s.spcname as index_tablespace,
    case when not x.indisvalid then true end as invalid,
    named.columns as extra_columns,
    case when k.contype = 'f' then jsonb_build_array(fn.nspname, f.relname) end as extra_references
from pg_constraint as k
inner join pg_class as c on c.oid = k.conrelid
inner join pg_namespace as n on n.oid = c.relnamespace
cross join lateral (select pg_get_constraintdef(k.oid) as text offset 0) as def
left join named on named.oid = k.oid
left join pg_index as x on x.indexrelid = k.conindid and k.contype in ('p', 'u', 'x')
left join pg_class as i on i.oid = x.indexrelid
left join pg_tablespace as s on s.oid = i.reltablespace
left join pg_class as f on f.oid = k.confrelid
left join pg_namespace as fn on fn.oid = f.relnamespace
where
    k.contype in ('p', 'u', 'f', 'c', 'x')
    and k.conislocal
    and k.conparentid = 0
    and k.oid >= 16384
    and c.relkind in ('r', 'p')
    and not c.relispartition
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and c.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_class'::regclass
    )
