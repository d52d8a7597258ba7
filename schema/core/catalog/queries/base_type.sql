select
    t.tableoid::int8 as classid,
    t.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    case when not t.typisdefined then true end as shell,
    t.typlen as length,
    t.typbyval as by_value,
    t.typalign as alignment,
    t.typstorage as storage,
    t.typcategory as category,
    t.typispreferred as preferred,
    t.typdelim as delimiter,
    t.typdefault as "default",
    case when t.typelem <> 0 then format_type(t.typelem, null) end as element,
    case when t.typcollation <> 0 then true end as collatable,
    array[
        t.typinput::text, t.typoutput::text, t.typreceive::text, t.typsend::text,
        t.typmodin::text, t.typmodout::text, t.typanalyze::text, t.typsubscript::text
    ] as functions,
    case
        when t.typowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(t.typowner)
    end as owner
from pg_type as t
inner join pg_namespace as n on t.typnamespace = n.oid
cross join pg_database as d
cross join pg_identify_object(t.tableoid, t.oid, 0) as called
where
    d.datname = current_database()
    and t.oid >= 16384
    and (t.typtype = 'b' or (t.typtype = 'p' and not t.typisdefined))
    and not exists (select 1 from pg_type as e where e.typarray = t.oid)
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and t.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_type'::regclass
    )
