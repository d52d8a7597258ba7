DROP FUNCTION encrypt_payment_token(text, text);

-- airside: data-loss column public.payment_methods.payment_token_encrypted
ALTER TABLE payment_methods DROP COLUMN payment_token_encrypted;

DROP EXTENSION pgcrypto;
