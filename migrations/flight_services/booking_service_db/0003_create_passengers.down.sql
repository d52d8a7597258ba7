-- airside: data-loss table public.booking_passengers
DROP TABLE booking_passengers;

DROP FUNCTION require_future_passport();
