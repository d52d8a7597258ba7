-- The options stay unread: they hold passwords, and who may see them depends on the role that looks.
select
    'pg_user_mapping'::regclass::int8 as classid,
    u.umid::int8 as objid,
    0 as objsubid,
    array[called.identity] as names,
    u.srvname as server
from pg_user_mappings as u
cross join pg_identify_object('pg_user_mapping'::regclass, u.umid, 0) as called
where u.srvname !~ '^airside_'
