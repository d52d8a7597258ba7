with owned as (
    select
        dep.objid,
        dep.deptype,
        c.relispartition as hidden,
        jsonb_build_array(n.nspname, c.relname, a.attname) as by
    from pg_depend as dep
    inner join pg_class as s on s.oid = dep.objid and s.relkind = 'S'
    inner join pg_class as c on c.oid = dep.refobjid
    inner join pg_namespace as n on n.oid = c.relnamespace
    inner join pg_attribute as a on a.attrelid = c.oid and a.attnum = dep.refobjsubid
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
    array[n.nspname, c.relname]::text[] as identity,
    jsonb_strip_nulls(jsonb_build_object(
        'type', format_type(q.seqtypid, null),
        'start', q.seqstart::text,
        'increment', q.seqincrement::text,
        'min', q.seqmin::text,
        'max', q.seqmax::text,
        'cache', q.seqcache::text,
        'cycle', nullif(q.seqcycle, false),
        'persistence', c.relpersistence,
        'owned_by', owned.by,
        'owner', case
            when c.relowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
            else pg_get_userbyid(c.relowner)
        end
    )) as properties,
    null::jsonb as extra
from pg_sequence as q
inner join pg_class as c on c.oid = q.seqrelid
inner join pg_namespace as n on n.oid = c.relnamespace
cross join pg_database as d
left join owned on owned.objid = c.oid
where
    d.datname = current_database()
    and coalesce(owned.deptype <> 'i' and not owned.hidden, true)
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and c.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_class'::regclass
    )
