-- names: the column or null, then the grantee. The object before them is known from its own query.
with granted as (
    select
        c.tableoid as classid,
        c.oid as objid,
        0 as objsubid,
        null::name as attname,
        c.relacl as acl,
        case when c.relkind = 'S' then acldefault('s', c.relowner) else acldefault('r', c.relowner) end as usual
    from pg_class as c
    where c.relacl is not null and c.oid >= 16384
    union all
    select
        c.tableoid,
        c.oid,
        a.attnum,
        a.attname,
        a.attacl,
        null
    from pg_attribute as a
    inner join pg_class as c on a.attrelid = c.oid
    -- Until 16 a dropped column keeps its privileges.
    where a.attacl is not null and a.attrelid >= 16384 and not a.attisdropped
    union all
    -- A new database has a schema public that everybody may use; that is what PostgreSQL gives.
    select
        n.tableoid,
        n.oid,
        0,
        null,
        coalesce(n.nspacl, acldefault('n', n.nspowner)),
        case
            when n.nspname = 'public'
                then acldefault('n', n.nspowner) || makeaclitem(0, n.nspowner, 'USAGE', false)
            else acldefault('n', n.nspowner)
        end
    from pg_namespace as n
    where n.nspname = 'public' or (n.nspacl is not null and n.oid >= 16384)
    union all
    select
        p.tableoid,
        p.oid,
        0,
        null,
        p.proacl,
        acldefault('f', p.proowner)
    from pg_proc as p
    where p.proacl is not null and p.oid >= 16384
    union all
    select
        t.tableoid,
        t.oid,
        0,
        null,
        t.typacl,
        acldefault('T', t.typowner)
    from pg_type as t
    where t.typacl is not null and t.oid >= 16384
    union all
    select
        l.tableoid,
        l.oid,
        0,
        null,
        l.lanacl,
        acldefault('l', l.lanowner)
    from pg_language as l
    where l.lanacl is not null
    union all
    select
        f.tableoid,
        f.oid,
        0,
        null,
        f.fdwacl,
        acldefault('F', f.fdwowner)
    from pg_foreign_data_wrapper as f
    where f.fdwacl is not null
    union all
    select
        s.tableoid,
        s.oid,
        0,
        null,
        s.srvacl,
        acldefault('S', s.srvowner)
    from pg_foreign_server as s
    where s.srvacl is not null
    union all
    select
        d.tableoid,
        d.oid,
        0,
        null,
        d.datacl,
        acldefault('d', d.datdba)
    from pg_database as d
    where d.datacl is not null and d.datname = current_database()
),

held as (
    select
        granted.*,
        item.grantee,
        item.privilege_type,
        item.is_grantable,
        false as given
    from granted
    cross join aclexplode(granted.acl) as item
    union all
    select
        granted.*,
        item.grantee,
        item.privilege_type,
        item.is_grantable,
        true
    from granted
    cross join aclexplode(granted.usual) as item
),

named as (
    select
        held.classid,
        held.objid,
        held.objsubid,
        held.attname,
        case
            when held.grantee = 0 then 'PUBLIC'
            when held.grantee in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
            else pg_get_userbyid(held.grantee)
        end as grantee,
        held.given,
        held.privilege_type || case when bool_or(held.is_grantable) then '*' else '' end as privilege
    from held
    cross join pg_database as d
    where d.datname = current_database()
    group by 1, 2, 3, 4, 5, 6, held.privilege_type
),

summed as (
    select
        named.classid,
        named.objid,
        named.objsubid,
        named.attname,
        named.grantee,
        array_agg(named.privilege order by named.privilege collate "C") filter (where not named.given) as privileges,
        array_agg(named.privilege order by named.privilege collate "C") filter (where named.given) as usual
    from named
    group by 1, 2, 3, 4, 5
)

select
    summed.classid::int8 as classid,
    summed.objid::int8 as objid,
    summed.objsubid,
    array[summed.attname, summed.grantee]::text[] as names,
    coalesce(summed.privileges, '{}') as privileges,
    coalesce(summed.usual, '{}') as extra_default
from summed
where summed.privileges is distinct from summed.usual
