-- airside: data-loss table public.audit_log
DROP TABLE audit_log;

DROP FUNCTION forbid_change();
