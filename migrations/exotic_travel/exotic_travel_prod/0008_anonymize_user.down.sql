DROP FUNCTION anonymize_user(bigint);
