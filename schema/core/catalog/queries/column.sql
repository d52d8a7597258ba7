with owned as (
    select
        dep.objid as sequence,
        dep.refobjid as relation,
        dep.refobjsubid as attnum,
        dep.deptype
    from pg_class as s
    inner join pg_depend as dep on s.tableoid = dep.classid and s.oid = dep.objid and dep.objsubid = 0
    where
        s.relkind = 'S'
        and s.oid >= 16384
        and dep.refclassid = 'pg_class'::regclass
        and dep.refobjsubid > 0
        and dep.deptype in ('a', 'i')
),

serial as (
    select distinct
        owned.relation,
        owned.attnum
    from owned
    inner join pg_attrdef as x on owned.relation = x.adrelid and owned.attnum = x.adnum
    inner join pg_depend as uses on x.tableoid = uses.classid and x.oid = uses.objid
    where owned.deptype = 'a' and uses.refclassid = 'pg_class'::regclass and uses.refobjid = owned.sequence
),

counted as (
    select
        owned.relation,
        owned.attnum,
        case
            when
                q.seqincrement <> 1 or q.seqstart <> 1 or q.seqmin <> 1 or q.seqcache <> 1 or q.seqcycle
                or q.seqmax <> case q.seqtypid
                    when 'int2'::regtype then 32767
                    when 'int4'::regtype then 2147483647
                    else 9223372036854775807
                end
                then concat(
                    'AS ', format_type(q.seqtypid, null),
                    ' START WITH ', q.seqstart,
                    ' INCREMENT BY ', q.seqincrement,
                    ' MINVALUE ', q.seqmin,
                    ' MAXVALUE ', q.seqmax,
                    ' CACHE ', q.seqcache,
                    case when q.seqcycle then ' CYCLE' else ' NO CYCLE' end
                )
        end as options
    from owned
    inner join pg_sequence as q on owned.sequence = q.seqrelid
    where owned.deptype = 'i'
),

-- PostgreSQL 18 knows NOT NULL constraints that are not validated; earlier versions have no such row.
unproven as (
    select
        k.conrelid,
        k.conkey[1] as attnum
    from pg_constraint as k
    where k.contype = 'n' and not k.convalidated and k.conrelid <> 0
)

select
    c.tableoid::int8 as classid,
    c.oid::int8 as objid,
    a.attnum::int4 as objsubid,
    array[n.nspname, c.relname, a.attname]::text[] as names,
    format_type(a.atttypid, a.atttypmod) as type,
    case
        when a.attcollation <> t.typcollation then (
            select quote_ident(cn.nspname) || '.' || quote_ident(co.collname)
            from pg_collation as co
            inner join pg_namespace as cn on co.collnamespace = cn.oid
            where co.oid = a.attcollation
        )
    end as collation,
    nullif(a.attnotnull, false) as not_null,
    case when unproven.attnum is not null then true end as not_null_invalid,
    case when a.attgenerated = '' then x.text end as "default",
    case a.attidentity when 'a' then 'ALWAYS' when 'd' then 'BY DEFAULT' end as identity,
    counted.options as identity_options,
    case when a.attgenerated <> '' then x.text end as generated,
    nullif(a.attgenerated, '') as generated_kind,
    case
        when a.attstorage <> t.typstorage
            then case a.attstorage
                when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' when 'x' then 'EXTENDED'
            end
    end as storage,
    case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end as compression,
    case when a.attstattarget >= 0 then a.attstattarget end as statistics,
    a.attoptions as options,
    a.attnum as extra_position,
    case when serial.attnum is not null and x.text ~ '^nextval\(''[^'']+''::regclass\)$' then true end as extra_serial,
    case when not a.attislocal then true end as extra_inherited
from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
inner join pg_attribute as a on c.oid = a.attrelid and a.attnum > 0 and not a.attisdropped
inner join pg_type as t on a.atttypid = t.oid
left join (
    select
        adrelid,
        adnum,
        pg_get_expr(adbin, adrelid) as text
    from pg_attrdef
) as x on a.atthasdef and a.attrelid = x.adrelid and a.attnum = x.adnum
left join serial on a.attrelid = serial.relation and a.attnum = serial.attnum
left join counted on a.attrelid = counted.relation and a.attnum = counted.attnum
left join unproven on a.attrelid = unproven.conrelid and a.attnum = unproven.attnum
where
    c.relkind in ('r', 'p')
    and not c.relispartition
    and c.oid >= 16384
    and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'airside')
    and c.oid not in (
        select e.objid from pg_depend as e
        where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = 'pg_class'::regclass
    )
