-- Erases a person from this database; amounts stay for the accounts.
CREATE FUNCTION anonymize_user_payments(user_uuid uuid) RETURNS void LANGUAGE sql AS $$
    UPDATE payment_methods
    SET card_last_four = NULL,
        card_brand = NULL,
        card_expiry_month = NULL,
        card_expiry_year = NULL,
        billing_address = NULL,
        payment_token_encrypted = NULL,
        is_default = false
    WHERE user_id = user_uuid;
    UPDATE transactions SET metadata = NULL, failure_reason = NULL WHERE user_id = user_uuid;
    UPDATE refunds SET notes = NULL
    WHERE original_transaction_id IN (SELECT id FROM transactions WHERE user_id = user_uuid);
$$;

GRANT EXECUTE ON FUNCTION anonymize_user_payments(uuid) TO payment_db_app;
