CREATE TABLE trip (id integer, title text, seats integer);
CREATE VIEW base AS SELECT id, title FROM trip;
CREATE VIEW upper_view WITH (security_invoker = true) AS SELECT id, title FROM base;
CREATE MATERIALIZED VIEW base_copy AS SELECT id FROM upper_view;
CREATE UNIQUE INDEX base_copy_id_idx ON base_copy (id);
CREATE RULE no_insert AS ON INSERT TO upper_view DO INSTEAD NOTHING;
ALTER VIEW upper_view ALTER COLUMN title SET DEFAULT 'none';
GRANT SELECT ON base, upper_view, base_copy TO differ_reader;
COMMENT ON COLUMN upper_view.title IS 'Its name';
