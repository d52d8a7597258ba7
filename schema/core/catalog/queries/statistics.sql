select
    s.tableoid::int8 as classid,
    s.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, s.stxname]::text[] as identity,
    jsonb_strip_nulls(jsonb_build_object(
        'definition', pg_get_statisticsobjdef(s.oid),
        'target', case when s.stxstattarget >= 0 then s.stxstattarget end,
        'owner', case
            when s.stxowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
            else pg_get_userbyid(s.stxowner)
        end
    )) as properties,
    jsonb_build_object('table', jsonb_build_array(cn.nspname, c.relname)) as extra
from pg_statistic_ext as s
inner join pg_namespace as n on n.oid = s.stxnamespace
inner join pg_class as c on c.oid = s.stxrelid
inner join pg_namespace as cn on cn.oid = c.relnamespace
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
