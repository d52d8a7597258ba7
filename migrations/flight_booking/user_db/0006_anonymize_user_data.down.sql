DROP FUNCTION anonymize_user_data(uuid);

-- airside: data-loss column public.users.anonymized_at
ALTER TABLE users DROP COLUMN anonymized_at;
