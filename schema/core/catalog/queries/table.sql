with parents as (
    select
        i.inhrelid,
        jsonb_agg(quote_ident(n.nspname) || '.' || quote_ident(p.relname) order by i.inhseqno) as names
    from pg_inherits as i
    inner join pg_class as c on c.oid = i.inhrelid and c.relkind = 'r' and not c.relispartition
    inner join pg_class as p on p.oid = i.inhparent
    inner join pg_namespace as n on n.oid = p.relnamespace
    group by i.inhrelid
)

select
    c.tableoid::int8 as classid,
    c.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, c.relname]::text[] as identity,
    jsonb_strip_nulls(jsonb_build_object(
        'relkind', c.relkind,
        'persistence', c.relpersistence,
        'partition_key', case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end,
        'options', case
            when c.reloptions is not null or t.reloptions is not null then (
                select jsonb_agg(o.setting order by o.setting collate "C")
                from (
                    select unnest(c.reloptions) as setting
                    union all
                    select 'toast.' || unnest(t.reloptions)
                ) as o
            )
        end,
        'access_method', nullif(am.amname, 'heap'),
        'tablespace', s.spcname,
        'rls', nullif(c.relrowsecurity, false),
        'force_rls', nullif(c.relforcerowsecurity, false),
        'replica_identity', case c.relreplident
            when 'd' then null
            when 'i' then concat('i ', r.relname)
            else c.relreplident::text
        end,
        'inherits', parents.names,
        'of_type', case when c.reloftype <> 0 then format_type(c.reloftype, null) end,
        'clustered_on', k.relname,
        'owner', case
            when c.relowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
            else pg_get_userbyid(c.relowner)
        end
    )) as properties,
    null::jsonb as extra
from pg_class as c
inner join pg_namespace as n on n.oid = c.relnamespace
cross join pg_database as d
left join pg_class as t on t.oid = c.reltoastrelid
left join pg_am as am on am.oid = c.relam
left join pg_tablespace as s on s.oid = c.reltablespace
left join parents on parents.inhrelid = c.oid
left join pg_index as ri on ri.indrelid = c.oid and ri.indisreplident
left join pg_class as r on r.oid = ri.indexrelid
left join pg_index as ki on ki.indrelid = c.oid and ki.indisclustered
left join pg_class as k on k.oid = ki.indexrelid
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
