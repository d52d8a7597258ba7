DROP INDEX idx_bookings_email_lower;

DROP INDEX idx_bookings_user_date;

DROP INDEX idx_active_bookings;
