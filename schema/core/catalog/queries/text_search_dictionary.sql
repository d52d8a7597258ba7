select
    k.tableoid::int8 as classid,
    k.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    quote_ident(tn.nspname) || '.' || quote_ident(t.tmplname) as template,
    k.dictinitoption as options,
    case
        when k.dictowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(k.dictowner)
    end as owner
from pg_ts_dict as k
inner join pg_namespace as n on k.dictnamespace = n.oid
cross join pg_database as d
cross join pg_identify_object(k.tableoid, k.oid, 0) as called
inner join pg_ts_template as t on k.dicttemplate = t.oid
inner join pg_namespace as tn on t.tmplnamespace = tn.oid
where
    d.datname = current_database()
    and k.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and k.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_ts_dict'::regclass
    )
