DROP FUNCTION anonymize_user(uuid);
