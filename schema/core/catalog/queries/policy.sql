select
    p.tableoid::int8 as classid,
    p.oid::int8 as objid,
    0 as objsubid,
    array[n.nspname, c.relname, p.polname]::text[] as names,
    p.polpermissive as permissive,
    case p.polcmd
        when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL'
    end as command,
    (
        select jsonb_agg(name.text order by name.text collate "C")
        from unnest(p.polroles) as u (role)
        cross join lateral (
            select case when u.role = 0 then 'public' else pg_get_userbyid(u.role)::text end as text
        ) as name
    ) as roles,
    pg_get_expr(p.polqual, p.polrelid) as "using",
    pg_get_expr(p.polwithcheck, p.polrelid) as "check"
from pg_policy as p
inner join pg_class as c on p.polrelid = c.oid
inner join pg_namespace as n on c.relnamespace = n.oid
where
    not c.relispartition
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and c.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_class'::regclass
    )
