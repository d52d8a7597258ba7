CREATE TABLE availability_patterns (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT fk_availability_patterns_user REFERENCES users (id) ON DELETE CASCADE,
    day_of_week integer NOT NULL,
    start_time time NOT NULL,
    end_time time NOT NULL,
    is_active boolean NOT NULL DEFAULT TRUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_availability_patterns_day CHECK (day_of_week BETWEEN 0 AND 6),
    CONSTRAINT ck_availability_patterns_times CHECK (end_time > start_time),
    CONSTRAINT idx_availability_patterns_user_day UNIQUE (user_id, day_of_week, start_time, end_time)
);

CREATE INDEX idx_availability_patterns_active ON availability_patterns (day_of_week, start_time) WHERE is_active;

CREATE OR REPLACE TRIGGER update_availability_patterns_updated_at BEFORE UPDATE ON availability_patterns
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

GRANT SELECT, INSERT, UPDATE, DELETE ON availability_patterns TO flight_schedule_pro_app;

GRANT SELECT ON availability_patterns TO flight_schedule_pro_readonly;

CREATE TABLE availability_overrides (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT fk_availability_overrides_user REFERENCES users (id) ON DELETE CASCADE,
    override_date date NOT NULL,
    start_time time,
    end_time time,
    is_blocked boolean NOT NULL DEFAULT TRUE,
    reason varchar(255),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_availability_overrides_times
    CHECK ((start_time IS NULL) = (end_time IS NULL) AND (start_time IS NULL OR end_time > start_time)),
    -- one whole-day override per date, too: NULLS NOT DISTINCT
    CONSTRAINT idx_availability_overrides_user_date
    UNIQUE NULLS NOT DISTINCT (user_id, override_date, start_time, end_time)
);

CREATE INDEX idx_availability_overrides_date ON availability_overrides (override_date);

GRANT SELECT, INSERT, UPDATE, DELETE ON availability_overrides TO flight_schedule_pro_app;

GRANT SELECT ON availability_overrides TO flight_schedule_pro_readonly;
