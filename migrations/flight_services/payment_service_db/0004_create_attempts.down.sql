-- airside: data-loss table public.payment_attempts
DROP TABLE payment_attempts;
