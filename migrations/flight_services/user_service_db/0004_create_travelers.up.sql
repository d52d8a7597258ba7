CREATE TABLE user_travelers (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    first_name varchar(100) NOT NULL,
    last_name varchar(100) NOT NULL,
    middle_name varchar(100),
    date_of_birth date NOT NULL,
    gender varchar(20),
    nationality varchar(2),
    passport_number varchar(20),
    passport_country varchar(2),
    passport_expiry_date date,
    frequent_flyer_programs jsonb,
    seat_preference varchar(20),
    meal_preference varchar(50),
    special_assistance text,
    is_primary boolean NOT NULL DEFAULT FALSE,
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    updated_at timestamptz NOT NULL DEFAULT current_timestamp,
    CONSTRAINT valid_passport_expiry CHECK (passport_expiry_date IS NULL OR passport_expiry_date > date_of_birth),
    CONSTRAINT ck_user_travelers_gender CHECK (gender IN ('MALE', 'FEMALE', 'OTHER', 'PREFER_NOT_TO_SAY')),
    CONSTRAINT ck_user_travelers_seat CHECK (seat_preference IN ('WINDOW', 'AISLE', 'MIDDLE'))
);

CREATE INDEX idx_travelers_user_id ON user_travelers (user_id);

-- One of them is the user.
CREATE UNIQUE INDEX idx_travelers_primary ON user_travelers (user_id) WHERE is_primary = TRUE;

CREATE OR REPLACE TRIGGER update_user_travelers_updated_at BEFORE UPDATE ON user_travelers
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- A trigger and not a CHECK: what was valid when it was written must still load from a dump.
CREATE FUNCTION require_future_passport() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.passport_expiry_date <= (now() AT TIME ZONE 'UTC')::date THEN
        RAISE EXCEPTION 'passport has expired'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'valid_passport_expiry';
    END IF;
    RETURN NEW;
END
$$;

-- Only where the date is written.
CREATE OR REPLACE TRIGGER trg_user_travelers_passport BEFORE INSERT OR UPDATE OF passport_expiry_date ON user_travelers
FOR EACH ROW EXECUTE FUNCTION require_future_passport();

GRANT SELECT, INSERT, UPDATE, DELETE ON user_travelers TO user_service_db_app;

GRANT SELECT ON user_travelers TO user_service_db_readonly;
