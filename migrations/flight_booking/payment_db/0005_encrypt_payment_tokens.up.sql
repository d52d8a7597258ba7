CREATE EXTENSION IF NOT EXISTS pgcrypto;

ALTER TABLE payment_methods ADD COLUMN payment_token_encrypted bytea;

-- The key is bound by the caller and stands nowhere in the database: no literal, no setting, no default.
-- The token is read with pgp_sym_decrypt(payment_token_encrypted, key).
CREATE FUNCTION encrypt_payment_token(token text, key text) RETURNS bytea LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(key, '') = '' THEN
        RAISE EXCEPTION 'a payment token is encrypted with a key' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN pgp_sym_encrypt(token, key, 'cipher-algo=aes256');
END
$$;

GRANT EXECUTE ON FUNCTION encrypt_payment_token(text, text) TO payment_db_app;
