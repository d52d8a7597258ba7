select
    p.tableoid::int8 as classid,
    p.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as identity,
    jsonb_strip_nulls(jsonb_build_object(
        'start', p.prsstart::text,
        'token', p.prstoken::text,
        'end', p.prsend::text,
        'headline', case when p.prsheadline <> 0 then p.prsheadline::text end,
        'types', p.prslextype::text
    )) as properties,
    null::jsonb as extra
from pg_ts_parser as p
inner join pg_namespace as n on n.oid = p.prsnamespace
cross join pg_identify_object(p.tableoid, p.oid, 0) as called
where
    p.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and p.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_ts_parser'::regclass
    )
