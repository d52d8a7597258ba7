-- A token that changes with every committed change of the catalog: which rows there are, and which transaction wrote
-- each (xmin). ANALYZE and VACUUM write statistics in place and do not change it. Roles have no readable xmin: names.
SELECT
    (SELECT s.system_identifier FROM pg_catalog.pg_control_system() AS s)::text,
    (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database())::text,
    count(*)::text,
    sum(pg_catalog.hashint8extended((c.object::int8 << 32) | c.writer::text::int8, pg_catalog.hashtext(c.catalog)))::text,
    (
        SELECT sum(pg_catalog.hashtextextended(r.rolname, r.oid::int8))::text
        FROM pg_catalog.pg_roles AS r
    )
FROM (
    SELECT 'pg_aggregate', aggfnoid::oid, xmin FROM pg_catalog.pg_aggregate
    UNION ALL
    SELECT 'pg_am', oid::oid, xmin FROM pg_catalog.pg_am
    UNION ALL
    SELECT 'pg_amop', oid::oid, xmin FROM pg_catalog.pg_amop
    UNION ALL
    SELECT 'pg_amproc', oid::oid, xmin FROM pg_catalog.pg_amproc
    UNION ALL
    SELECT 'pg_attrdef', oid::oid, xmin FROM pg_catalog.pg_attrdef
    UNION ALL
    SELECT 'pg_cast', oid::oid, xmin FROM pg_catalog.pg_cast
    UNION ALL
    SELECT 'pg_class', oid::oid, xmin FROM pg_catalog.pg_class
    UNION ALL
    SELECT 'pg_collation', oid::oid, xmin FROM pg_catalog.pg_collation
    UNION ALL
    SELECT 'pg_constraint', oid::oid, xmin FROM pg_catalog.pg_constraint
    UNION ALL
    SELECT 'pg_conversion', oid::oid, xmin FROM pg_catalog.pg_conversion
    UNION ALL
    SELECT 'pg_default_acl', oid::oid, xmin FROM pg_catalog.pg_default_acl
    UNION ALL
    SELECT 'pg_enum', oid::oid, xmin FROM pg_catalog.pg_enum
    UNION ALL
    SELECT 'pg_event_trigger', oid::oid, xmin FROM pg_catalog.pg_event_trigger
    UNION ALL
    SELECT 'pg_extension', oid::oid, xmin FROM pg_catalog.pg_extension
    UNION ALL
    SELECT 'pg_foreign_data_wrapper', oid::oid, xmin FROM pg_catalog.pg_foreign_data_wrapper
    UNION ALL
    SELECT 'pg_foreign_server', oid::oid, xmin FROM pg_catalog.pg_foreign_server
    UNION ALL
    SELECT 'pg_foreign_table', ftrelid::oid, xmin FROM pg_catalog.pg_foreign_table
    UNION ALL
    SELECT 'pg_index', indexrelid::oid, xmin FROM pg_catalog.pg_index
    UNION ALL
    SELECT 'pg_language', oid::oid, xmin FROM pg_catalog.pg_language
    UNION ALL
    SELECT 'pg_namespace', oid::oid, xmin FROM pg_catalog.pg_namespace
    UNION ALL
    SELECT 'pg_opclass', oid::oid, xmin FROM pg_catalog.pg_opclass
    UNION ALL
    SELECT 'pg_operator', oid::oid, xmin FROM pg_catalog.pg_operator
    UNION ALL
    SELECT 'pg_opfamily', oid::oid, xmin FROM pg_catalog.pg_opfamily
    UNION ALL
    SELECT 'pg_partitioned_table', partrelid::oid, xmin FROM pg_catalog.pg_partitioned_table
    UNION ALL
    SELECT 'pg_policy', oid::oid, xmin FROM pg_catalog.pg_policy
    UNION ALL
    SELECT 'pg_proc', oid::oid, xmin FROM pg_catalog.pg_proc
    UNION ALL
    SELECT 'pg_publication', oid::oid, xmin FROM pg_catalog.pg_publication
    UNION ALL
    SELECT 'pg_publication_namespace', oid::oid, xmin FROM pg_catalog.pg_publication_namespace
    UNION ALL
    SELECT 'pg_publication_rel', oid::oid, xmin FROM pg_catalog.pg_publication_rel
    UNION ALL
    SELECT 'pg_range', rngtypid::oid, xmin FROM pg_catalog.pg_range
    UNION ALL
    SELECT 'pg_rewrite', oid::oid, xmin FROM pg_catalog.pg_rewrite
    UNION ALL
    SELECT 'pg_sequence', seqrelid::oid, xmin FROM pg_catalog.pg_sequence
    UNION ALL
    SELECT 'pg_statistic_ext', oid::oid, xmin FROM pg_catalog.pg_statistic_ext
    UNION ALL
    SELECT 'pg_transform', oid::oid, xmin FROM pg_catalog.pg_transform
    UNION ALL
    SELECT 'pg_trigger', oid::oid, xmin FROM pg_catalog.pg_trigger
    UNION ALL
    SELECT 'pg_ts_config', oid::oid, xmin FROM pg_catalog.pg_ts_config
    UNION ALL
    SELECT 'pg_ts_dict', oid::oid, xmin FROM pg_catalog.pg_ts_dict
    UNION ALL
    SELECT 'pg_ts_parser', oid::oid, xmin FROM pg_catalog.pg_ts_parser
    UNION ALL
    SELECT 'pg_ts_template', oid::oid, xmin FROM pg_catalog.pg_ts_template
    UNION ALL
    SELECT 'pg_type', oid::oid, xmin FROM pg_catalog.pg_type
    UNION ALL
    SELECT 'pg_attribute', attrelid, xmin FROM pg_catalog.pg_attribute
    UNION ALL
    SELECT 'pg_depend', objid, xmin FROM pg_catalog.pg_depend WHERE deptype = 'e'
    UNION ALL
    SELECT 'pg_description', objoid, xmin FROM pg_catalog.pg_description
    UNION ALL
    SELECT 'pg_inherits', inhrelid, xmin FROM pg_catalog.pg_inherits
    UNION ALL
    SELECT 'pg_seclabel', objoid, xmin FROM pg_catalog.pg_seclabel
    UNION ALL
    SELECT 'pg_database', oid, xmin FROM pg_catalog.pg_database WHERE datname = current_database()
    UNION ALL
    SELECT 'pg_shdescription', objoid, xmin FROM pg_catalog.pg_shdescription
) AS c (catalog, object, writer);
