-- Erases a person: rows stay for the accounts, what identifies the person goes. The audit log never had it.
CREATE FUNCTION anonymize_user(p_user bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE users
    SET name = 'DELETED',
        email = 'deleted-' || p_user || '@anonymized.invalid',
        password_hash = '!',
        phone = NULL,
        email_verified = false
    WHERE id = p_user;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'user % does not exist', p_user USING ERRCODE = 'no_data_found';
    END IF;
    UPDATE bookings
    SET special_requests = NULL, cancellation_reason = NULL, payment_intent_id = NULL
    WHERE user_id = p_user;
    UPDATE reviews SET comment = NULL WHERE user_id = p_user;
END
$$;

GRANT EXECUTE ON FUNCTION anonymize_user(bigint) TO exotic_travel_prod_app;
