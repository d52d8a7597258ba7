-- Membership of an extension is an alias (see there), not a dependency.
select
    dep.classid::int8 as classid,
    dep.objid::int8 as objid,
    dep.objsubid,
    dep.refclassid::int8 as refclassid,
    dep.refobjid::int8 as refobjid,
    dep.refobjsubid
from pg_depend as dep
where
    dep.objid >= 16384
    and (dep.refobjid >= 16384 or dep.refclassid = 'pg_namespace'::regclass)
    and dep.deptype <> 'e'
    -- A sequence owned by a column is made before the column whose default uses it; only its drop follows the column's.
    and not (
        dep.deptype = 'a'
        and dep.refobjsubid > 0
        and dep.classid = 'pg_class'::regclass
        and exists (select 1 from pg_sequence as q where q.seqrelid = dep.objid)
    )
