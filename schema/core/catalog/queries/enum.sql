select
    t.tableoid::int8 as classid,
    t.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, t.typname]::text[] as names,
    coalesce(labels.list, '[]') as labels,
    case
        when t.typowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(t.typowner)
    end as owner
from pg_type as t
inner join pg_namespace as n on t.typnamespace = n.oid
cross join pg_database as d
left join (
    select
        e.enumtypid,
        jsonb_agg(e.enumlabel order by e.enumsortorder) as list
    from pg_enum as e
    group by e.enumtypid
) as labels on t.oid = labels.enumtypid
where
    d.datname = current_database()
    and t.typtype = 'e'
    and t.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and t.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_type'::regclass
    )
