-- airside: data-loss table public.payments
DROP TABLE payments;

DROP FUNCTION payments_register();

-- airside: data-loss table public.payment_registry
DROP TABLE payment_registry;

DROP FUNCTION update_updated_at_column();
