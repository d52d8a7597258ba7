select
    o.tableoid::int8 as classid,
    o.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    o.oprcode::text as function,
    format_type(o.oprresult, null) as result,
    case when o.oprcom <> 0 then o.oprcom::regoperator::text end as "commutator",
    case when o.oprnegate <> 0 then o.oprnegate::regoperator::text end as "negator",
    nullif(o.oprcanmerge, false) as "merges",
    nullif(o.oprcanhash, false) as "hashes",
    case when o.oprrest <> 0 then o.oprrest::text end as restrict,
    case when o.oprjoin <> 0 then o.oprjoin::text end as "join",
    case
        when o.oprowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(o.oprowner)
    end as owner
from pg_operator as o
inner join pg_namespace as n on o.oprnamespace = n.oid
cross join pg_database as d
cross join pg_identify_object(o.tableoid, o.oid, 0) as called
where
    d.datname = current_database()
    and o.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and o.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_operator'::regclass
    )
