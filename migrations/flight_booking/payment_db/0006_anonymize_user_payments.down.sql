DROP FUNCTION anonymize_user_payments(uuid);
