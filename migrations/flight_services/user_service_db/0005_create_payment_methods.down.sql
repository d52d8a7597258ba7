-- airside: data-loss table public.user_payment_methods
DROP TABLE user_payment_methods;

DROP FUNCTION require_unexpired_card();
