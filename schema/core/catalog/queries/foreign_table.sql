select
    c.tableoid::int8 as classid,
    c.oid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    s.srvname as server,
    f.ftoptions as options,
    (
        select
            jsonb_agg(
                jsonb_build_array(
                    a.attname,
                    format_type(a.atttypid, a.atttypmod),
                    a.attnotnull,
                    pg_get_expr(x.adbin, x.adrelid),
                    a.attfdwoptions
                ) order by a.attnum
            )
        from pg_attribute as a
        left join pg_attrdef as x on a.attrelid = x.adrelid and a.attnum = x.adnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    ) as columns,
    (
        select jsonb_object_agg(k.conname, pg_get_constraintdef(k.oid))
        from pg_constraint as k
        where k.conrelid = c.oid and k.contype = 'c'
    ) as constraints,
    case
        when c.relowner in (d.datdba, 'pg_database_owner'::regrole) then '(database owner)'
        else pg_get_userbyid(c.relowner)
    end as owner
from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
cross join pg_database as d
cross join pg_identify_object(c.tableoid, c.oid, 0) as called
inner join pg_foreign_table as f on c.oid = f.ftrelid
inner join pg_foreign_server as s on f.ftserver = s.oid
where
    d.datname = current_database()
    and c.oid >= 16384
    and not c.relispartition
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and c.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_class'::regclass
    )
