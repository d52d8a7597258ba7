-- A scalar under = in an exclusion constraint needs it.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- timestamptz + interval is only STABLE, because days and months depend on the time zone; seconds do not, and an
-- exclusion constraint needs IMMUTABLE.
CREATE FUNCTION flight_window(starts timestamptz, minutes integer) RETURNS tstzrange
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT tstzrange(starts, starts + make_interval(secs => minutes * 60), '[)')
$$;

GRANT EXECUTE ON FUNCTION flight_window(timestamptz, integer) TO flight_schedule_pro_app, flight_schedule_pro_readonly;

CREATE TABLE bookings (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    student_id uuid NOT NULL CONSTRAINT fk_bookings_student REFERENCES users (id) ON DELETE RESTRICT,
    instructor_id uuid NOT NULL CONSTRAINT fk_bookings_instructor REFERENCES users (id) ON DELETE RESTRICT,
    aircraft_id varchar(50),
    departure_airport varchar(10) NOT NULL,
    arrival_airport varchar(10) NOT NULL,
    departure_latitude numeric(10, 8) NOT NULL,
    departure_longitude numeric(11, 8) NOT NULL,
    arrival_latitude numeric(10, 8) NOT NULL,
    arrival_longitude numeric(11, 8) NOT NULL,
    scheduled_datetime timestamptz NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'CONFIRMED',
    training_level varchar(20) NOT NULL,
    duration_minutes integer NOT NULL DEFAULT 60,
    original_booking_id uuid CONSTRAINT fk_bookings_original REFERENCES bookings (id) ON DELETE RESTRICT,
    rescheduled_to_datetime timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_bookings_status
    CHECK (status IN ('CONFIRMED', 'AT_RISK', 'RESCHEDULING', 'CANCELLED', 'COMPLETED')),
    CONSTRAINT ck_bookings_training_level
    CHECK (training_level IN ('STUDENT_PILOT', 'PRIVATE_PILOT', 'INSTRUMENT_RATED')),
    CONSTRAINT ck_bookings_people CHECK (student_id <> instructor_id),
    CONSTRAINT ck_bookings_duration CHECK (duration_minutes BETWEEN 1 AND 1440),
    CONSTRAINT ex_bookings_student EXCLUDE USING gist (
        student_id WITH =, flight_window(scheduled_datetime, duration_minutes) WITH &&
    ) WHERE (status IN ('CONFIRMED', 'AT_RISK', 'RESCHEDULING')),
    CONSTRAINT ex_bookings_instructor EXCLUDE USING gist (
        instructor_id WITH =, flight_window(scheduled_datetime, duration_minutes) WITH &&
    ) WHERE (status IN ('CONFIRMED', 'AT_RISK', 'RESCHEDULING')),
    CONSTRAINT ex_bookings_aircraft EXCLUDE USING gist (
        aircraft_id WITH =, flight_window(scheduled_datetime, duration_minutes) WITH &&
    ) WHERE (status IN ('CONFIRMED', 'AT_RISK', 'RESCHEDULING'))
);

CREATE INDEX idx_bookings_scheduled_time ON bookings (scheduled_datetime);

CREATE INDEX idx_bookings_status_scheduled_time ON bookings (status, scheduled_datetime);

CREATE INDEX idx_bookings_student_status ON bookings (student_id, status);

CREATE INDEX idx_bookings_instructor_status ON bookings (instructor_id, status);

-- What the weather monitor reads.
CREATE INDEX idx_bookings_upcoming ON bookings (status, scheduled_datetime)
WHERE status IN ('CONFIRMED', 'AT_RISK');

CREATE OR REPLACE TRIGGER update_bookings_updated_at BEFORE UPDATE ON bookings
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- Never deleted: a flight is cancelled, and its successor refers to it.
GRANT SELECT, INSERT, UPDATE ON bookings TO flight_schedule_pro_app;

GRANT SELECT ON bookings TO flight_schedule_pro_readonly;
