DROP FUNCTION anonymize_user_reviews(uuid);
