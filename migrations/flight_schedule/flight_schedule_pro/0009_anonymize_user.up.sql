-- Erases a person: flights and the audit log keep a user that is nobody.
CREATE FUNCTION anonymize_user(p_user uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE users
    SET cognito_user_id = 'deleted-' || p_user,
        email = 'deleted-' || p_user || '@anonymized.invalid',
        first_name = 'DELETED',
        last_name = 'USER',
        phone_number = NULL
    WHERE id = p_user;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'user % does not exist', p_user USING ERRCODE = 'no_data_found';
    END IF;
    DELETE FROM notifications WHERE user_id = p_user;
    DELETE FROM availability_overrides WHERE user_id = p_user;
    DELETE FROM availability_patterns WHERE user_id = p_user;
END
$$;

GRANT EXECUTE ON FUNCTION anonymize_user(uuid) TO flight_schedule_pro_app;
