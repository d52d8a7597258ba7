ALTER TABLE users ADD COLUMN anonymized_at timestamptz;

-- Erases a person from this database; the other services have functions of their own.
CREATE FUNCTION anonymize_user_data(user_uuid uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE users
    SET email = 'deleted_' || user_uuid || '@anonymized.invalid',
        password_hash = '!',
        first_name = 'DELETED',
        last_name = 'USER',
        phone = NULL,
        date_of_birth = NULL,
        nationality = NULL,
        passport_number = NULL,
        passport_expiry = NULL,
        frequent_flyer_numbers = NULL,
        preferences = NULL,
        email_verified = false,
        phone_verified = false,
        last_login = NULL,
        status = 'inactive',
        anonymized_at = now()
    WHERE id = user_uuid;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'user % does not exist', user_uuid USING ERRCODE = 'no_data_found';
    END IF;
    DELETE FROM user_sessions WHERE user_id = user_uuid;
    DELETE FROM user_roles WHERE user_id = user_uuid;
END
$$;

GRANT EXECUTE ON FUNCTION anonymize_user_data(uuid) TO user_db_app;
