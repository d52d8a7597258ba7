-- Erases a person: the account stays as nobody's, and its address is free for a new one.
CREATE FUNCTION anonymize_user(p_user uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE users
    SET email = 'deleted_' || p_user || '@anonymized.invalid',
        password_hash = '!',
        email_verified = false,
        first_name = 'DELETED',
        last_name = 'USER',
        phone = NULL,
        phone_verified = false,
        date_of_birth = NULL,
        gender = NULL,
        country_code = NULL,
        address_line1 = NULL,
        address_line2 = NULL,
        city = NULL,
        state_province = NULL,
        postal_code = NULL,
        newsletter_subscribed = false,
        status = 'DELETED',
        last_login_at = NULL,
        deleted_at = coalesce(deleted_at, now())
    WHERE id = p_user;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'user % does not exist', p_user USING ERRCODE = 'no_data_found';
    END IF;
    DELETE FROM user_sessions WHERE user_id = p_user;
    DELETE FROM user_travelers WHERE user_id = p_user;
    UPDATE user_payment_methods
    SET payment_token = 'anonymized',
        card_brand = NULL,
        card_last4 = NULL,
        card_exp_month = NULL,
        card_exp_year = NULL,
        billing_name = NULL,
        billing_country = NULL,
        billing_postal_code = NULL,
        is_default = false,
        deleted_at = coalesce(deleted_at, now())
    WHERE user_id = p_user;
END
$$;

GRANT EXECUTE ON FUNCTION anonymize_user(uuid) TO user_service_db_app;
