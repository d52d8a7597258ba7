select
    p.tableoid::int8 as classid,
    p.oid::int8 as objid,
    0 as objsubid,
    array[p.pubname]::text[] as names,
    nullif(p.puballtables, false) as all_tables,
    to_jsonb(array_remove(array[
        case when p.pubinsert then 'insert' end,
        case when p.pubupdate then 'update' end,
        case when p.pubdelete then 'delete' end,
        case when p.pubtruncate then 'truncate' end
    ], null)) as publish,
    nullif(p.pubviaroot, false) as via_root,
    -- A column of PostgreSQL 18, so it is read by name.
    case to_jsonb(p) ->> 'pubgencols' when 's' then 'stored' end as generated_columns,
    (
        select
            jsonb_object_agg(
                quote_ident(n.nspname) || '.' || quote_ident(c.relname),
                jsonb_build_array(
                    (
                        select jsonb_agg(a.attname order by a.attname)
                        from pg_attribute as a
                        where a.attrelid = c.oid and a.attnum = any(r.prattrs::int2[])
                    ),
                    pg_get_expr(r.prqual, r.prrelid)
                )
            )
        from pg_publication_rel as r
        inner join pg_class as c on r.prrelid = c.oid
        inner join pg_namespace as n on c.relnamespace = n.oid
        where r.prpubid = p.oid
    ) as tables,
    (
        select jsonb_agg(n.nspname order by n.nspname)
        from pg_publication_namespace as r
        inner join pg_namespace as n on r.pnnspid = n.oid
        where r.pnpubid = p.oid
    ) as schemas,
    case
        when p.pubowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(p.pubowner)
    end as owner
from pg_publication as p
cross join pg_database as d
where
    d.datname = current_database()
    and p.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_publication'::regclass
    )
