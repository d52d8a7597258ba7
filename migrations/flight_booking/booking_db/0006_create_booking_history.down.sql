-- airside: data-loss table public.booking_history
DROP TABLE booking_history;

DROP FUNCTION forbid_change();
