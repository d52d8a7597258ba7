-- airside: data-loss table public.payment_methods
DROP TABLE payment_methods;

DROP FUNCTION set_updated_at();
