-- Kinds of which there may be something, so that the others need not be asked for. Objects of a database itself have
-- object ids from 16384 on.
select array(
    select distinct case t.typtype
        when 'e' then 'enum' when 'd' then 'domain' when 'c' then 'composite' when 'r' then 'range' else 'base_type'
    end
    from pg_type as t
    left join pg_class as c on t.typrelid = c.oid
    where
        t.oid >= 16384
        and case t.typtype
            when 'c' then c.relkind = 'c'
            when 'm' then false
            else t.typelem = 0 or t.typarray <> 0
        end
    union all
    select distinct case c.relkind
        when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'materialized_view' when 'f' then 'foreign_table'
        else 'partition'
    end
    from pg_class as c
    where c.oid >= 16384 and c.relkind in ('S', 'v', 'm', 'f', 'p')
    union all
    select distinct case p.prokind when 'a' then 'aggregate' else 'function' end
    from pg_proc as p
    where p.oid >= 16384
    union all
    select 'trigger' where exists (select 1 from pg_trigger)
    union all
    select 'event_trigger' where exists (select 1 from pg_event_trigger)
    union all
    select 'rule' where exists (select 1 from pg_rewrite as r where r.oid >= 16384 and r.rulename <> '_RETURN')
    union all
    select 'policy' where exists (select 1 from pg_policy)
    union all
    select 'statistics' where exists (select 1 from pg_statistic_ext)
    union all
    select 'publication' where exists (select 1 from pg_publication)
    union all
    select 'default_privilege' where exists (select 1 from pg_default_acl)
    union all
    select 'security_label' where exists (select 1 from pg_seclabel) or exists (select 1 from pg_shseclabel)
    union all
    select 'cast' where exists (select 1 from pg_cast as k where k.oid >= 16384)
    union all
    select 'operator' where exists (select 1 from pg_operator as o where o.oid >= 16384)
    union all
    select 'operator_class' where exists (select 1 from pg_opclass as o where o.oid >= 16384)
    union all
    select 'operator_family' where exists (select 1 from pg_opfamily as f where f.oid >= 16384)
    union all
    select 'access_method' where exists (select 1 from pg_am as m where m.oid >= 16384)
    union all
    select 'collation' where exists (select 1 from pg_collation as k where k.oid >= 16384)
    union all
    select 'conversion' where exists (select 1 from pg_conversion as k where k.oid >= 16384)
    union all
    select 'language' where exists (select 1 from pg_language as l where l.oid >= 16384)
    union all
    select 'text_search_configuration' where exists (select 1 from pg_ts_config as k where k.oid >= 16384)
    union all
    select 'text_search_dictionary' where exists (select 1 from pg_ts_dict as k where k.oid >= 16384)
    union all
    select 'text_search_parser' where exists (select 1 from pg_ts_parser as p where p.oid >= 16384)
    union all
    select 'text_search_template' where exists (select 1 from pg_ts_template as t where t.oid >= 16384)
    union all
    select 'transform' where exists (select 1 from pg_transform)
    union all
    select 'foreign_data_wrapper' where exists (select 1 from pg_foreign_data_wrapper)
    union all
    select 'foreign_server' where exists (select 1 from pg_foreign_server)
    union all
    select 'user_mapping' where exists (select 1 from pg_foreign_server)
    union all
    select 'subscription' where exists (select 1 from pg_subscription as s)
) as kinds
