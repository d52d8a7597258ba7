-- What stands in PostgreSQL's record of dependencies for an object of the catalog, and for which.
select
    x.tableoid::int8 as classid,
    x.oid::int8 as objid,
    'pg_class'::regclass::int8 as to_classid,
    x.adrelid::int8 as to_objid,
    x.adnum::int4 as to_objsubid
from pg_attrdef as x
union all
select
    r.tableoid::int8,
    r.oid::int8,
    'pg_class'::regclass::int8,
    r.ev_class::int8,
    0
from pg_rewrite as r
where r.rulename = '_RETURN' and r.oid >= 16384
union all
-- Row types of relations, but relations of composite types.
select
    case c.relkind when 'c' then c.tableoid else t.tableoid end::int8,
    case c.relkind when 'c' then c.oid else t.oid end::int8,
    case c.relkind when 'c' then t.tableoid else c.tableoid end::int8,
    case c.relkind when 'c' then t.oid else c.oid end::int8,
    0
from pg_class as c
inner join pg_type as t on c.reltype = t.oid
where c.oid >= 16384
union all
select
    t.tableoid::int8,
    t.typarray::int8,
    t.tableoid::int8,
    t.oid::int8,
    0
from pg_type as t
where t.oid >= 16384 and t.typarray <> 0
union all
select
    'pg_type'::regclass::int8,
    r.rngmultitypid::int8,
    'pg_type'::regclass::int8,
    r.rngtypid::int8,
    0
from pg_range as r
where r.rngmultitypid >= 16384
union all
select
    'pg_class'::regclass::int8,
    k.conindid::int8,
    k.tableoid::int8,
    k.oid::int8,
    0
from pg_constraint as k
where k.oid >= 16384 and k.contype in ('p', 'u', 'x')
union all
select
    k.tableoid::int8,
    k.oid::int8,
    'pg_type'::regclass::int8,
    k.contypid::int8,
    0
from pg_constraint as k
where k.oid >= 16384 and k.contypid <> 0
union all
select
    k.tableoid::int8,
    k.oid::int8,
    'pg_class'::regclass::int8,
    k.conrelid::int8,
    k.conkey[1]::int4
from pg_constraint as k
where k.oid >= 16384 and k.contype = 'n' and k.conrelid <> 0
union all
select
    k.tableoid::int8,
    k.oid::int8,
    t.tableoid::int8,
    t.oid::int8,
    0
from pg_constraint as k
inner join pg_trigger as t on k.oid = t.tgconstraint
where k.oid >= 16384 and k.contype = 't'
union all
-- Sequences of identity columns, and members of extensions.
select
    dep.classid::int8,
    dep.objid::int8,
    dep.refclassid::int8,
    dep.refobjid::int8,
    dep.refobjsubid
from pg_depend as dep
inner join pg_sequence as q on dep.objid = q.seqrelid
where dep.classid = 'pg_class'::regclass and dep.deptype = 'i' and dep.refobjsubid > 0
union all
select
    dep.classid::int8,
    dep.objid::int8,
    dep.refclassid::int8,
    dep.refobjid::int8,
    0
from pg_depend as dep
where dep.refclassid = 'pg_extension'::regclass and dep.deptype = 'e'
union all
-- The constructors and casts of a range type.
select
    dep.classid::int8,
    dep.objid::int8,
    dep.refclassid::int8,
    dep.refobjid::int8,
    0
from pg_depend as dep
where
    dep.classid in ('pg_proc'::regclass, 'pg_cast'::regclass)
    and dep.refclassid = 'pg_type'::regclass
    and dep.deptype = 'i'
    and dep.objid >= 16384
union all
-- Partitions and what hangs on them.
select
    c.tableoid::int8,
    i.inhrelid::int8,
    c.tableoid::int8,
    i.inhparent::int8,
    0
from pg_inherits as i
inner join pg_class as c on i.inhrelid = c.oid
where c.relispartition
union all
select
    k.tableoid::int8,
    k.oid::int8,
    k.tableoid::int8,
    k.conparentid::int8,
    0
from pg_constraint as k
where k.conparentid <> 0
union all
select
    t.tableoid::int8,
    t.oid::int8,
    t.tableoid::int8,
    t.tgparentid::int8,
    0
from pg_trigger as t
where t.tgparentid <> 0
union all
select
    r.tableoid::int8,
    r.oid::int8,
    'pg_publication'::regclass::int8,
    r.prpubid::int8,
    0
from pg_publication_rel as r
union all
select
    r.tableoid::int8,
    r.oid::int8,
    'pg_publication'::regclass::int8,
    r.pnpubid::int8,
    0
from pg_publication_namespace as r
union all
select
    x.tableoid::int8,
    x.oid::int8,
    'pg_opfamily'::regclass::int8,
    x.amopfamily::int8,
    0
from pg_amop as x
where x.oid >= 16384
union all
select
    x.tableoid::int8,
    x.oid::int8,
    'pg_opfamily'::regclass::int8,
    x.amprocfamily::int8,
    0
from pg_amproc as x
where x.oid >= 16384
