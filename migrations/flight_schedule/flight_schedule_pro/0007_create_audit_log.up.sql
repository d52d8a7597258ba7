CREATE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
END
$$;

CREATE TABLE audit_log (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    entity_type varchar(50) NOT NULL,
    entity_id uuid NOT NULL,
    action varchar(100) NOT NULL,
    user_id uuid CONSTRAINT fk_audit_log_user REFERENCES users (id) ON DELETE RESTRICT,
    metadata jsonb,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX idx_audit_log_entity_timestamp ON audit_log (entity_type, entity_id, created_at);

CREATE INDEX idx_audit_log_created_at ON audit_log (created_at);

CREATE INDEX idx_audit_log_action ON audit_log (action);

CREATE OR REPLACE TRIGGER trg_audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
FOR EACH ROW EXECUTE FUNCTION forbid_change();

CREATE OR REPLACE TRIGGER trg_audit_log_no_truncate BEFORE TRUNCATE ON audit_log
FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT, INSERT ON audit_log TO flight_schedule_pro_app;

GRANT SELECT ON audit_log TO flight_schedule_pro_readonly;
