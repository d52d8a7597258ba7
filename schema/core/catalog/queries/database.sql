select
    pg_get_userbyid(d.datdba)::text as owner,
    current_setting('server_version_num')::int4 / 10000 as major
from pg_database as d
where d.datname = current_database()
