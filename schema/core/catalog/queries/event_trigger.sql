select
    e.tableoid::int8 as classid,
    e.oid::int8 as objid,
    0 as objsubid,
    array[e.evtname]::text[] as identity,
    e.evtevent as event,
    e.evttags as tags,
    quote_ident(n.nspname) || '.' || quote_ident(p.proname) as function,
    nullif(e.evtenabled, 'O') as enabled,
    case
        when e.evtowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(e.evtowner)
    end as owner
from pg_event_trigger as e
inner join pg_proc as p on e.evtfoid = p.oid
inner join pg_namespace as n on p.pronamespace = n.oid
cross join pg_database as d
where
    d.datname = current_database()
    and e.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_event_trigger'::regclass
    )
