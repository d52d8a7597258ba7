CREATE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
END
$$;

-- Refers to the registry, which stays when the booking is archived.
CREATE TABLE booking_audit_log (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    booking_id uuid NOT NULL
    CONSTRAINT fk_booking_audit_log_booking REFERENCES booking_registry (booking_id) ON DELETE RESTRICT,
    changed_by uuid,
    changed_by_type varchar(20),
    action varchar(50) NOT NULL,
    old_value jsonb,
    new_value jsonb,
    ip_address inet,
    user_agent text,
    notes text,
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    CONSTRAINT valid_action
    CHECK (action IN ('CREATED', 'STATUS_CHANGED', 'PAYMENT_UPDATED', 'CANCELLED', 'MODIFIED',
        'TICKET_ISSUED', 'CHECKED_IN', 'REFUNDED')),
    CONSTRAINT ck_booking_audit_log_by_type CHECK (changed_by_type IN ('CUSTOMER', 'ADMIN', 'SYSTEM', 'GDS'))
);

CREATE INDEX idx_audit_booking_id ON booking_audit_log (booking_id);

CREATE INDEX idx_audit_created_at ON booking_audit_log (created_at);

CREATE INDEX idx_audit_action ON booking_audit_log (action);

CREATE OR REPLACE TRIGGER trg_booking_audit_log_append_only BEFORE UPDATE OR DELETE ON booking_audit_log
FOR EACH ROW EXECUTE FUNCTION forbid_change();

CREATE OR REPLACE TRIGGER trg_booking_audit_log_no_truncate BEFORE TRUNCATE ON booking_audit_log
FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT, INSERT ON booking_audit_log TO booking_service_db_app;

GRANT SELECT ON booking_audit_log TO booking_service_db_readonly;
