select
    k.tableoid::int8 as classid,
    k.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    quote_ident(pn.nspname) || '.' || quote_ident(p.prsname) as parser,
    (
        select jsonb_object_agg(mapped.token, mapped.dictionaries)
        from (
            select
                m.maptokentype::text as token,
                jsonb_agg(m.mapdict::regdictionary::text order by m.mapseqno) as dictionaries
            from pg_ts_config_map as m
            where m.mapcfg = k.oid
            group by m.maptokentype
        ) as mapped
    ) as mappings,
    case
        when k.cfgowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(k.cfgowner)
    end as owner
from pg_ts_config as k
inner join pg_namespace as n on k.cfgnamespace = n.oid
cross join pg_database as d
cross join pg_identify_object(k.tableoid, k.oid, 0) as called
inner join pg_ts_parser as p on k.cfgparser = p.oid
inner join pg_namespace as pn on p.prsnamespace = pn.oid
where
    d.datname = current_database()
    and k.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and k.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_ts_config'::regclass
    )
