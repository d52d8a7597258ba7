CREATE TABLE notifications (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT fk_notifications_user REFERENCES users (id) ON DELETE CASCADE,
    booking_id uuid CONSTRAINT fk_notifications_booking REFERENCES bookings (id) ON DELETE CASCADE,
    type varchar(50) NOT NULL,
    title varchar(255) NOT NULL,
    message text NOT NULL,
    read boolean NOT NULL DEFAULT FALSE,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_notifications_type
    CHECK (type IN ('WEATHER_ALERT', 'OPTIONS_AVAILABLE', 'DEADLINE_REMINDER', 'CONFIRMATION', 'ESCALATION'))
);

-- The newest unread first.
CREATE INDEX idx_notifications_user_read ON notifications (user_id, read, created_at DESC);

CREATE INDEX idx_notifications_created_at ON notifications (created_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON notifications TO flight_schedule_pro_app;

GRANT SELECT ON notifications TO flight_schedule_pro_readonly;
