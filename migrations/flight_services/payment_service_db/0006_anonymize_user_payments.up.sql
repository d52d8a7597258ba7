-- What was paid stays, who paid goes; returns how many payments.
CREATE FUNCTION anonymize_user_payments(p_user uuid) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    n integer;
BEGIN
    UPDATE payments
    SET payment_token = NULL,
        card_brand = NULL,
        card_last4 = NULL,
        card_exp_month = NULL,
        card_exp_year = NULL,
        ip_address = NULL,
        user_agent = NULL,
        risk_factors = NULL
    WHERE user_id = p_user;
    GET DIAGNOSTICS n = ROW_COUNT;
    UPDATE refunds SET reason_details = NULL, requested_by = NULL
    WHERE payment_id IN (SELECT id FROM payments WHERE user_id = p_user);
    UPDATE payment_attempts SET gateway_response_message = NULL
    WHERE payment_id IN (SELECT id FROM payments WHERE user_id = p_user);
    RETURN n;
END
$$;

GRANT EXECUTE ON FUNCTION anonymize_user_payments(uuid) TO payment_service_db_app;
