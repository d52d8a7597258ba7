CREATE TABLE reschedule_options (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    booking_id uuid NOT NULL CONSTRAINT fk_reschedule_options_booking REFERENCES bookings (id) ON DELETE CASCADE,
    suggested_datetime timestamptz NOT NULL,
    weather_forecast jsonb,
    ai_confidence_score numeric(3, 2),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_reschedule_options_confidence CHECK (ai_confidence_score BETWEEN 0 AND 1),
    CONSTRAINT idx_reschedule_options_booking UNIQUE (booking_id, id)
);

CREATE INDEX idx_reschedule_options_suggested ON reschedule_options (suggested_datetime);

GRANT SELECT, INSERT, UPDATE, DELETE ON reschedule_options TO flight_schedule_pro_app;

GRANT SELECT ON reschedule_options TO flight_schedule_pro_readonly;

CREATE TABLE preference_rankings (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    booking_id uuid NOT NULL CONSTRAINT fk_preference_rankings_booking REFERENCES bookings (id) ON DELETE CASCADE,
    user_id uuid NOT NULL CONSTRAINT fk_preference_rankings_user REFERENCES users (id) ON DELETE RESTRICT,
    option1_id uuid,
    option2_id uuid,
    option3_id uuid,
    unavailable_option_ids uuid[] NOT NULL DEFAULT '{}',
    deadline timestamptz NOT NULL,
    submitted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- The ranked options belong to the ranked booking.
    CONSTRAINT fk_preference_rankings_option1 FOREIGN KEY (booking_id, option1_id)
    REFERENCES reschedule_options (booking_id, id) DEFERRABLE INITIALLY IMMEDIATE,
    CONSTRAINT fk_preference_rankings_option2 FOREIGN KEY (booking_id, option2_id)
    REFERENCES reschedule_options (booking_id, id) DEFERRABLE INITIALLY IMMEDIATE,
    CONSTRAINT fk_preference_rankings_option3 FOREIGN KEY (booking_id, option3_id)
    REFERENCES reschedule_options (booking_id, id) DEFERRABLE INITIALLY IMMEDIATE,
    CONSTRAINT idx_preference_rankings_booking UNIQUE (booking_id, user_id),
    -- The row exists before it is submitted.
    CONSTRAINT ck_preference_rankings_ranked
    CHECK (submitted_at IS NULL OR num_nonnulls(option1_id, option2_id, option3_id) >= 1),
    CONSTRAINT ck_preference_rankings_distinct
    CHECK (option1_id <> option2_id AND option1_id <> option3_id AND option2_id <> option3_id)
);

CREATE INDEX idx_preference_rankings_deadline ON preference_rankings (deadline);

-- 30 minutes before departure or 12 hours after the notification, whichever is first.
CREATE FUNCTION preference_deadline(departure timestamptz, notified timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT least(departure - make_interval(secs => 1800), notified + make_interval(secs => 43200))
$$;

GRANT EXECUTE ON FUNCTION preference_deadline(timestamptz, timestamptz) TO flight_schedule_pro_app, flight_schedule_pro_readonly;

-- Only the two people of the booking rank its options, and only before the deadline.
CREATE FUNCTION preference_rankings_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM bookings b WHERE b.id = NEW.booking_id AND NEW.user_id IN (b.student_id, b.instructor_id)
    ) THEN
        RAISE EXCEPTION 'user % is neither student nor instructor of booking %', NEW.user_id, NEW.booking_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.submitted_at > NEW.deadline THEN
        RAISE EXCEPTION 'deadline has passed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER trg_preference_rankings_check BEFORE INSERT OR UPDATE ON preference_rankings
FOR EACH ROW EXECUTE FUNCTION preference_rankings_check();

GRANT SELECT, INSERT, UPDATE, DELETE ON preference_rankings TO flight_schedule_pro_app;

GRANT SELECT ON preference_rankings TO flight_schedule_pro_readonly;
