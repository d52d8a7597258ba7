-- identity: the column or null, then the provider. The object before them is known from its own query.
select
    l.classoid::int8 as classid,
    l.objoid::int8 as objid,
    l.objsubid,
    array[a.attname, l.provider]::text[] as identity,
    jsonb_build_object('label', l.label) as properties,
    null::jsonb as extra
from pg_seclabel as l
left join pg_attribute as a
    on l.objsubid > 0 and l.classoid = 'pg_class'::regclass and a.attrelid = l.objoid and a.attnum = l.objsubid
union all
select
    s.classoid::int8,
    s.objoid::int8,
    0,
    array[null, s.provider]::text[],
    jsonb_build_object('label', s.label),
    null
from pg_shseclabel as s
inner join pg_database as d on d.oid = s.objoid
where s.classoid = 'pg_database'::regclass and d.datname = current_database()
