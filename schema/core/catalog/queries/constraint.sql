with named as (
    select
        k.oid,
        array_agg(a.attname::text order by u.place) as columns
    from pg_constraint as k
    inner join pg_class as c on k.conrelid = c.oid and not c.relispartition
    cross join unnest(k.conkey) with ordinality as u (attnum, place)
    inner join pg_attribute as a on k.conrelid = a.attrelid and u.attnum = a.attnum
    where k.contype in ('p', 'u', 'f', 'c', 'x') and k.oid >= 16384
    group by k.oid
)

select
    k.tableoid::int8 as classid,
    k.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, c.relname, k.conname]::text[] as names,
    k.contype as type,
    case
        when k.convalidated then pg_get_constraintdef(k.oid)
        else regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')
    end as definition,
    case when not k.convalidated and pg_get_constraintdef(k.oid) like '% NOT VALID' then true end as not_valid,
    case when not k.convalidated and pg_get_constraintdef(k.oid) like '% NOT ENFORCED' then true end as not_enforced,
    i.reloptions as index_options,
    s.spcname as index_tablespace,
    case when not x.indisvalid then true end as invalid,
    named.columns as extra_columns,
    case when k.contype = 'f' then array[fn.nspname, f.relname]::text[] end as extra_references
from pg_constraint as k
inner join pg_class as c on k.conrelid = c.oid
inner join pg_namespace as n on c.relnamespace = n.oid
left join named on k.oid = named.oid
left join pg_index as x on k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x')
left join pg_class as i on x.indexrelid = i.oid
left join pg_tablespace as s on i.reltablespace = s.oid
left join pg_class as f on k.confrelid = f.oid
left join pg_namespace as fn on f.relnamespace = fn.oid
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
