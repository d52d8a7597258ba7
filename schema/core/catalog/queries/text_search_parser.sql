select
    p.tableoid::int8 as classid,
    p.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    p.prsstart::text as start,
    p.prstoken::text as token,
    p.prsend::text as "end",
    case when p.prsheadline <> 0 then p.prsheadline::text end as headline,
    p.prslextype::text as types
from pg_ts_parser as p
inner join pg_namespace as n on p.prsnamespace = n.oid
cross join pg_identify_object(p.tableoid, p.oid, 0) as called
where
    p.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and p.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_ts_parser'::regclass
    )
