select
    e.tableoid::int8 as classid,
    e.oid::int8 as objid,
    0 as objsubid,
    array[e.evtname]::text[] as identity,
    jsonb_strip_nulls(jsonb_build_object(
        'event', e.evtevent,
        'tags', to_jsonb(e.evttags),
        'function', quote_ident(n.nspname) || '.' || quote_ident(p.proname),
        'enabled', nullif(e.evtenabled, 'O'),
        'owner', case
            when e.evtowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
            else pg_get_userbyid(e.evtowner)
        end
    )) as properties,
    null::jsonb as extra
from pg_event_trigger as e
inner join pg_proc as p on p.oid = e.evtfoid
inner join pg_namespace as n on n.oid = p.pronamespace
cross join pg_database as d
where
    d.datname = current_database()
    and e.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_event_trigger'::regclass
    )
