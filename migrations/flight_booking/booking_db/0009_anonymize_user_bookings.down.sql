DROP FUNCTION anonymize_user_bookings(uuid);
