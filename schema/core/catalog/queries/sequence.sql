with owned as (
    select
        dep.objid,
        dep.deptype,
        c.relispartition as hidden,
        jsonb_build_array(n.nspname, c.relname, a.attname) as by
    from pg_depend as dep
    inner join pg_class as s on dep.objid = s.oid and s.relkind = 'S'
    inner join pg_class as c on dep.refobjid = c.oid
    inner join pg_namespace as n on c.relnamespace = n.oid
    inner join pg_attribute as a on c.oid = a.attrelid and dep.refobjsubid = a.attnum
    where
        dep.classid = 'pg_class'::regclass
        and dep.refclassid = 'pg_class'::regclass
        and dep.objid >= 16384
        and dep.refobjsubid > 0
        and dep.deptype in ('a', 'i')
)

select
    c.tableoid::int8 as classid,
    c.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, c.relname]::text[] as names,
    format_type(q.seqtypid, null) as type,
    q.seqstart::text as start,
    q.seqincrement::text as increment,
    q.seqmin::text as min,
    q.seqmax::text as max,
    q.seqcache::text as cache,
    nullif(q.seqcycle, false) as cycle,
    c.relpersistence as persistence,
    owned.by as owned_by,
    case
        when c.relowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(c.relowner)
    end as owner
from pg_sequence as q
inner join pg_class as c on q.seqrelid = c.oid
inner join pg_namespace as n on c.relnamespace = n.oid
cross join pg_database as d
left join owned on c.oid = owned.objid
where
    d.datname = current_database()
    and coalesce(owned.deptype <> 'i' and not owned.hidden, true)
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and c.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_class'::regclass
    )
