select
    s.tableoid::int8 as classid,
    s.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, s.stxname]::text[] as names,
    pg_get_statisticsobjdef(s.oid) as definition,
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
where
    d.datname = current_database()
    and not c.relispartition
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and s.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_statistic_ext'::regclass
    )
