-- airside: data-loss table public.booking_audit_log
DROP TABLE booking_audit_log;

DROP FUNCTION forbid_change();
