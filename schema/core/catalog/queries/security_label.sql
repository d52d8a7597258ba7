-- names: the column or null, then the provider. The object before them is known from its own query.
select
    l.classoid::int8 as classid,
    l.objoid::int8 as objid,
    l.objsubid,
    array[a.attname, l.provider]::text[] as names,
    l.label
from pg_seclabel as l
left join pg_attribute as a
    on l.objsubid > 0 and l.classoid = 'pg_class'::regclass and l.objoid = a.attrelid and l.objsubid = a.attnum
union all
select
    s.classoid::int8,
    s.objoid::int8,
    0,
    array[null, s.provider]::text[],
    s.label
from pg_shseclabel as s
inner join pg_database as d on s.objoid = d.oid
where s.classoid = 'pg_database'::regclass and d.datname = current_database()
