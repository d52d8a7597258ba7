select
    t.tableoid::int8 as classid,
    t.oid::int8 as objid,
    0 as objsubid,
    array[t.evtname]::text[] as names,
    t.evtevent as event,
    t.evttags as tags,
    quote_ident(n.nspname) || '.' || quote_ident(p.proname) as function,
    nullif(t.evtenabled, 'O') as enabled,
    case
        when t.evtowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(t.evtowner)
    end as owner
from pg_event_trigger as t
inner join pg_proc as p on t.evtfoid = p.oid
inner join pg_namespace as n on p.pronamespace = n.oid
cross join pg_database as d
where
    d.datname = current_database()
    and t.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_event_trigger'::regclass
    )
