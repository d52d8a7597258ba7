CREATE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
END
$$;

-- Refers to the registry, not to bookings: the history outlives the move to the archive.
CREATE TABLE booking_history (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    booking_id uuid NOT NULL
    CONSTRAINT fk_booking_history_booking REFERENCES booking_registry (booking_id) ON DELETE RESTRICT,
    action varchar(50) NOT NULL,
    changed_by uuid,
    changes jsonb,
    reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_booking_history_action CHECK (action IN ('created', 'modified', 'cancelled', 'confirmed'))
);

CREATE INDEX idx_booking_history_booking ON booking_history (booking_id);

CREATE OR REPLACE TRIGGER trg_booking_history_append_only BEFORE UPDATE OR DELETE ON booking_history
FOR EACH ROW EXECUTE FUNCTION forbid_change();

CREATE OR REPLACE TRIGGER trg_booking_history_no_truncate BEFORE TRUNCATE ON booking_history
FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT, INSERT ON booking_history TO booking_db_app;

GRANT SELECT ON booking_history TO booking_db_readonly;
