-- An entry for all schemas replaces what PostgreSQL gives; an entry for one schema adds to it.
with entry as (
    select
        x.tableoid as classid,
        x.oid as objid,
        array[
            case
                when x.defaclrole in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
                else pg_get_userbyid(x.defaclrole)
            end,
            coalesce(n.nspname, ''),
            x.defaclobjtype
        ]::text[] as identity,
        x.defaclacl as acl,
        case
            when x.defaclnamespace = 0
                then acldefault(
                    case when x.defaclobjtype = 'S' then 's' else x.defaclobjtype end,
                    x.defaclrole
                )
        end as usual,
        d.datdba
    from pg_default_acl as x
    cross join pg_database as d
    left join pg_namespace as n on x.defaclnamespace = n.oid
    where
        d.datname = current_database()
        and coalesce(n.nspname, '') not in ('information_schema', 'airside')
),

held as (
    select
        entry.classid,
        entry.objid,
        entry.identity,
        entry.datdba,
        item.grantee,
        item.privilege_type,
        item.is_grantable,
        false as given
    from entry
    cross join aclexplode(entry.acl) as item
    union all
    select
        entry.classid,
        entry.objid,
        entry.identity,
        entry.datdba,
        item.grantee,
        item.privilege_type,
        item.is_grantable,
        true
    from entry
    cross join aclexplode(entry.usual) as item
),

named as (
    select
        held.classid,
        held.objid,
        held.identity,
        case
            when held.grantee = 0 then 'PUBLIC'
            when held.grantee in (held.datdba, 'pg_database_owner'::regrole) then '(database owner)'
            else pg_get_userbyid(held.grantee)
        end as grantee,
        held.given,
        held.privilege_type || case when bool_or(held.is_grantable) then '*' else '' end as privilege
    from held
    group by 1, 2, 3, 4, 5, held.privilege_type
),

summed as (
    select
        named.classid,
        named.objid,
        named.identity,
        named.grantee,
        array_agg(named.privilege order by named.privilege collate "C") filter (where not named.given) as privileges,
        array_agg(named.privilege order by named.privilege collate "C") filter (where named.given) as usual
    from named
    group by 1, 2, 3, 4
)

select
    summed.classid::int8 as classid,
    summed.objid::int8 as objid,
    0 as objsubid,
    summed.identity || summed.grantee::text as names,
    coalesce(summed.privileges, '{}') as privileges,
    coalesce(summed.usual, '{}') as extra_default
from summed
where summed.privileges is distinct from summed.usual
