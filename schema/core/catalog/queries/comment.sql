-- names: the column or null. The object before it is known from its own query.
select
    c.classoid::int8 as classid,
    c.objoid::int8 as objid,
    c.objsubid,
    array[a.attname]::text[] as names,
    c.description as text
from pg_description as c
left join pg_attribute as a
    on c.objsubid > 0 and c.classoid = 'pg_class'::regclass and c.objoid = a.attrelid and c.objsubid = a.attnum
where c.objoid >= 16384 or c.classoid in ('pg_namespace'::regclass, 'pg_extension'::regclass)
union all
select
    s.classoid::int8,
    s.objoid::int8,
    0,
    array[null]::text[],
    s.description
from pg_shdescription as s
inner join pg_database as d on s.objoid = d.oid
where s.classoid = 'pg_database'::regclass and d.datname = current_database()
