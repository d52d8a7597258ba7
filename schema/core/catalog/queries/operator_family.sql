select
    f.tableoid::int8 as classid,
    f.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    (
        select jsonb_agg(item.text order by item.text collate "C")
        from (
            select concat_ws(' ', member.identity, x.amopopr::regoperator, x.amoppurpose) as text
            from pg_amop as x
            cross join pg_identify_object(x.tableoid, x.oid, 0) as member
            where x.amopfamily = f.oid
        ) as item
    ) as operators,
    (
        select jsonb_agg(item.text order by item.text collate "C")
        from (
            select concat_ws(' ', member.identity, x.amproc::regprocedure) as text
            from pg_amproc as x
            cross join pg_identify_object(x.tableoid, x.oid, 0) as member
            where x.amprocfamily = f.oid
        ) as item
    ) as functions,
    case
        when f.opfowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(f.opfowner)
    end as owner
from pg_opfamily as f
inner join pg_namespace as n on f.opfnamespace = n.oid
cross join pg_database as d
cross join pg_identify_object(f.tableoid, f.oid, 0) as called
where
    d.datname = current_database()
    and f.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and f.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_opfamily'::regclass
    )
