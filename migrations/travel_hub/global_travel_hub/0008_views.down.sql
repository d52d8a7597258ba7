DROP VIEW v_booking_details;

DROP VIEW v_active_users;
