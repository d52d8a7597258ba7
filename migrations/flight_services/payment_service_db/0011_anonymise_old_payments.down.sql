-- Undo: anonymise old payments

DROP FUNCTION public.anonymize_old_payment_attempts(timestamp with time zone, integer);

DROP FUNCTION public.anonymize_old_payments(timestamp with time zone, integer);

DROP FUNCTION public.anonymize_old_refunds(timestamp with time zone, integer);
