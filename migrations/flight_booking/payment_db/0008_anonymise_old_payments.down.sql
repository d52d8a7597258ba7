-- Undo: anonymise old payments

DROP FUNCTION public.anonymize_old_payment_methods(timestamp with time zone, integer);

DROP FUNCTION public.anonymize_old_refunds(timestamp with time zone, integer);

DROP FUNCTION public.anonymize_old_transactions(timestamp with time zone, integer);
