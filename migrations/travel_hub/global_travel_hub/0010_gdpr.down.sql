DROP FUNCTION gdpr_purge_deleted_users(interval);

DROP FUNCTION gdpr_anonymize_user(uuid);

DROP FUNCTION gdpr_export_user(uuid);
