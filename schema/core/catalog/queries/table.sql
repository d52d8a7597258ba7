with parents as (
    select
        i.inhrelid,
        jsonb_agg(quote_ident(n.nspname) || '.' || quote_ident(p.relname) order by i.inhseqno) as names
    from pg_inherits as i
    inner join pg_class as c on i.inhrelid = c.oid and c.relkind = 'r' and not c.relispartition
    inner join pg_class as p on i.inhparent = p.oid
    inner join pg_namespace as n on p.relnamespace = n.oid
    group by i.inhrelid
)

select
    c.tableoid::int8 as classid,
    c.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, c.relname]::text[] as names,
    c.relkind,
    c.relpersistence as persistence,
    case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as partition_key,
    case
        when c.reloptions is not null or t.reloptions is not null then (
            select jsonb_agg(o.setting order by o.setting collate "C")
            from (
                select unnest(c.reloptions) as setting
                union all
                select 'toast.' || unnest(t.reloptions)
            ) as o
        )
    end as options,
    nullif(am.amname, 'heap') as access_method,
    s.spcname as tablespace,
    nullif(c.relrowsecurity, false) as rls,
    nullif(c.relforcerowsecurity, false) as force_rls,
    case c.relreplident
        when 'd' then null
        when 'i' then concat('i ', r.relname)
        else c.relreplident::text
    end as replica_identity,
    parents.names as inherits,
    case when c.reloftype <> 0 then format_type(c.reloftype, null) end as of_type,
    k.relname as clustered_on,
    case
        when c.relowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(c.relowner)
    end as owner
from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
cross join pg_database as d
left join pg_class as t on c.reltoastrelid = t.oid
left join pg_am as am on c.relam = am.oid
left join pg_tablespace as s on c.reltablespace = s.oid
left join parents on c.oid = parents.inhrelid
left join pg_index as ri on c.oid = ri.indrelid and ri.indisreplident
left join pg_class as r on ri.indexrelid = r.oid
left join pg_index as ki on c.oid = ki.indrelid and ki.indisclustered
left join pg_class as k on ki.indexrelid = k.oid
where
    d.datname = current_database()
    and c.relkind in ('r', 'p')
    and not c.relispartition
    and c.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and c.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_class'::regclass
    )
