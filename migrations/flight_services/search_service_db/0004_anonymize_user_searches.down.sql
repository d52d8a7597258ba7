DROP FUNCTION anonymize_user_searches(uuid);
