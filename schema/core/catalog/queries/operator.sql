select
    o.tableoid::int8 as classid,
    o.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as identity,
    jsonb_strip_nulls(jsonb_build_object(
        'function', o.oprcode::text,
        'result', format_type(o.oprresult, null),
        'commutator', case when o.oprcom <> 0 then o.oprcom::regoperator::text end,
        'negator', case when o.oprnegate <> 0 then o.oprnegate::regoperator::text end,
        'merges', nullif(o.oprcanmerge, false),
        'hashes', nullif(o.oprcanhash, false),
        'restrict', case when o.oprrest <> 0 then o.oprrest::text end,
        'join', case when o.oprjoin <> 0 then o.oprjoin::text end,
        'owner', case
            when o.oprowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
            else pg_get_userbyid(o.oprowner)
        end
    )) as properties,
    null::jsonb as extra
from pg_operator as o
inner join pg_namespace as n on n.oid = o.oprnamespace
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
