DROP FUNCTION anonymize_booking_seats(uuid[]);
