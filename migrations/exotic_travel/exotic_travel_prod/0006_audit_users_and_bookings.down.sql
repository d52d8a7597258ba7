DROP TRIGGER trigger_bookings_audit ON bookings;

DROP TRIGGER trigger_users_audit ON users;

DROP FUNCTION write_audit_log();

-- airside: data-loss table public.audit_logs
DROP TABLE audit_logs;

DROP FUNCTION forbid_change();
