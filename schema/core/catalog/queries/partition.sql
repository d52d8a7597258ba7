-- Children that do not agree with their parent. PostgreSQL itself keeps columns, types, CHECKs and foreign keys equal.
with child as (
    select
        c.tableoid as classid,
        c.oid,
        array[n.nspname, c.relname]::text[] as identity,
        c.relkind,
        c.relowner,
        c.relpersistence,
        p.oid as parent,
        p.relowner as parent_owner,
        p.relpersistence as parent_persistence,
        quote_ident(pn.nspname) || '.' || quote_ident(p.relname) as parent_name,
        i.inhdetachpending
    from pg_inherits as i
    inner join pg_class as c on i.inhrelid = c.oid and c.relispartition and c.relkind in ('r', 'p', 'f')
    inner join pg_namespace as n on c.relnamespace = n.oid
    inner join pg_class as p on i.inhparent = p.oid
    inner join pg_namespace as pn on p.relnamespace = pn.oid
    where n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
),

finding as (
    select
        child.oid,
        'detaching from ' || child.parent_name || ' was begun and not finished' as sentence
    from child
    where child.inhdetachpending
    union all
    select
        child.oid,
        format(
            'owner is %s, that of %s is %s',
            pg_get_userbyid(child.relowner), child.parent_name, pg_get_userbyid(child.parent_owner)
        )
    from child
    where child.relowner <> child.parent_owner
    union all
    select
        child.oid,
        case when child.relpersistence = 'u' then 'is UNLOGGED, ' || child.parent_name || ' is not'
            else 'is not UNLOGGED, ' || child.parent_name || ' is'
        end
    from child
    where child.relpersistence <> child.parent_persistence
    union all
    select
        child.oid,
        format(
            'column %I is %s, in %s it is %s',
            a.attname,
            case when a.attnotnull then 'NOT NULL' else 'NULL' end,
            child.parent_name,
            case when pa.attnotnull then 'NOT NULL' else 'NULL' end
        )
    from child
    inner join pg_attribute as pa on child.parent = pa.attrelid and pa.attnum > 0 and not pa.attisdropped
    inner join pg_attribute as a on child.oid = a.attrelid and pa.attname = a.attname and a.attnum > 0
    where a.attnotnull <> pa.attnotnull
    union all
    select
        child.oid,
        format(
            'column %I has the default %s, in %s it has %s',
            a.attname,
            coalesce(pg_get_expr(x.adbin, x.adrelid), 'NULL'),
            child.parent_name,
            coalesce(pg_get_expr(px.adbin, px.adrelid), 'NULL')
        )
    from child
    inner join pg_attribute as pa on child.parent = pa.attrelid and pa.attnum > 0 and not pa.attisdropped
    inner join pg_attribute as a on child.oid = a.attrelid and pa.attname = a.attname and a.attnum > 0
    left join pg_attrdef as px on pa.attrelid = px.adrelid and pa.attnum = px.adnum
    left join pg_attrdef as x on a.attrelid = x.adrelid and a.attnum = x.adnum
    where
        (a.atthasdef or pa.atthasdef)
        -- Equal trees need no deparsing, and nearly all are equal.
        and case
            when x.adbin::text = px.adbin::text then false
            else pg_get_expr(x.adbin, x.adrelid) is distinct from pg_get_expr(px.adbin, px.adrelid)
        end
    union all
    select
        child.oid,
        format(
            case
                when mine.indexrelid is not null then 'the part of %s %I of %s is not valid'
                else '%s %I of %s is missing'
            end,
            case when k.oid is null then 'index' else 'constraint' end,
            pi.relname,
            child.parent_name
        )
    from child
    inner join pg_index as px on child.parent = px.indrelid
    inner join pg_class as pi on px.indexrelid = pi.oid
    left join pg_constraint as k on px.indexrelid = k.conindid and k.contype in ('p', 'u', 'x')
    left join (
        select
            ii.inhparent,
            x.indexrelid,
            x.indrelid,
            x.indisvalid
        from pg_inherits as ii
        inner join pg_index as x on ii.inhrelid = x.indexrelid
    ) as mine on px.indexrelid = mine.inhparent and child.oid = mine.indrelid
    where child.relkind <> 'f' and (mine.indexrelid is null or not mine.indisvalid)
    union all
    select
        child.oid,
        case
            when t.oid is null then format('trigger %I of %s is missing', pt.tgname, child.parent_name)
            else format('trigger %I is not enabled as it is in %s', pt.tgname, child.parent_name)
        end
    from child
    inner join pg_trigger as pt on child.parent = pt.tgrelid and not pt.tgisinternal and pt.tgtype & 1 = 1
    left join pg_trigger as t on pt.oid = t.tgparentid and child.oid = t.tgrelid
    where t.oid is null or t.tgenabled <> pt.tgenabled
)

select
    child.classid::int8 as classid,
    child.oid::int8 as objid,
    0 as objsubid,
    child.identity as names,
    jsonb_agg(finding.sentence order by finding.sentence collate "C") as disagreements
from child
inner join finding on child.oid = finding.oid
group by child.classid, child.oid, child.identity
