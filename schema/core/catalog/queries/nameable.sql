-- What a grant or a comment can name although it is no object of its own in the catalog. names: kind, then names.
select
    i.tableoid::int8 as classid,
    i.oid::int8 as objid,
    array['index', n.nspname, i.relname]::text[] as names
from pg_constraint as k
inner join pg_class as c on k.conrelid = c.oid and not c.relispartition
inner join pg_class as i on k.conindid = i.oid
inner join pg_namespace as n on i.relnamespace = n.oid
where
    k.contype in ('p', 'u', 'x')
    and k.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and c.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_class'::regclass
    )
union all
select
    s.tableoid::int8,
    s.oid::int8,
    array['sequence', n.nspname, s.relname]::text[]
from pg_class as s
inner join pg_depend as dep on s.tableoid = dep.classid and s.oid = dep.objid and dep.deptype = 'i'
inner join pg_class as c on dep.refobjid = c.oid and not c.relispartition
inner join pg_namespace as n on s.relnamespace = n.oid
where
    s.relkind = 'S'
    and s.oid >= 16384
    and dep.refclassid = 'pg_class'::regclass
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and c.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_class'::regclass
    )
union all
select
    k.tableoid::int8,
    k.oid::int8,
    array['domain_constraint', n.nspname, t.typname, k.conname]::text[]
from pg_constraint as k
inner join pg_type as t on k.contypid = t.oid
inner join pg_namespace as n on t.typnamespace = n.oid
where
    k.contypid <> 0
    and k.contype = 'c'
    and k.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and t.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_type'::regclass
    )
union all
-- Comments on attributes of a composite type are on columns of its relation.
select
    c.tableoid::int8,
    c.oid::int8,
    array['composite', n.nspname, c.relname]::text[]
from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
where
    c.relkind = 'c'
    and c.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
union all
select
    l.tableoid::int8,
    l.oid::int8,
    array['language', quote_ident(l.lanname)]::text[]
from pg_language as l
union all
select
    f.tableoid::int8,
    f.oid::int8,
    array['foreign_data_wrapper', quote_ident(f.fdwname)]::text[]
from pg_foreign_data_wrapper as f
union all
select
    d.tableoid::int8,
    d.oid::int8,
    array['database']::text[]
from pg_database as d
where d.datname = current_database()
