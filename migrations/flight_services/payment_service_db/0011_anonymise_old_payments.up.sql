-- Rendered from the declaration: what is personal of payments goes after seven years, the accounts stay.

CREATE OR REPLACE FUNCTION public.anonymize_old_payment_attempts(cutoff timestamp with time zone DEFAULT (now() - '7 years'::interval), batch_size integer DEFAULT 1000)
 RETURNS integer
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
#variable_conflict use_column
<<run>>
DECLARE
    payment_attempts_id uuid[];
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('anonymize_old_payment_attempts')) THEN
        RETURN 0;
    END IF;
    -- What is locked here stays as it is; what somebody else works on is left for the next run.
    SELECT array_agg(s.id) INTO run.payment_attempts_id
    FROM (
        SELECT id FROM payment_attempts
        WHERE attempted_at < anonymize_old_payment_attempts.cutoff AND num_nonnulls(gateway_response_message) > 0
        ORDER BY attempted_at
        LIMIT anonymize_old_payment_attempts.batch_size
        FOR UPDATE SKIP LOCKED
    ) AS s;
    IF run.payment_attempts_id IS NULL THEN
        RETURN 0;
    END IF;
    UPDATE payment_attempts AS t
    SET gateway_response_message = NULL
    FROM unnest(run.payment_attempts_id) AS b (id)
    WHERE t.id = b.id;
    RETURN cardinality(run.payment_attempts_id);
END
$function$;

CREATE OR REPLACE FUNCTION public.anonymize_old_payments(cutoff timestamp with time zone DEFAULT (now() - '7 years'::interval), batch_size integer DEFAULT 1000)
 RETURNS integer
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
#variable_conflict use_column
<<run>>
DECLARE
    payments_id uuid[];
    payments_created_at timestamp with time zone[];
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('anonymize_old_payments')) THEN
        RETURN 0;
    END IF;
    -- What is locked here stays as it is; what somebody else works on is left for the next run.
    SELECT array_agg(s.id), array_agg(s.created_at) INTO run.payments_id, run.payments_created_at
    FROM (
        SELECT id, created_at FROM payments
        WHERE created_at < anonymize_old_payments.cutoff AND num_nonnulls(payment_token, card_brand, card_last4, card_exp_month, card_exp_year, risk_factors, ip_address, user_agent) > 0
        ORDER BY created_at
        LIMIT anonymize_old_payments.batch_size
        FOR UPDATE SKIP LOCKED
    ) AS s;
    IF run.payments_id IS NULL THEN
        RETURN 0;
    END IF;
    UPDATE payments AS t
    SET payment_token = NULL, card_brand = NULL, card_last4 = NULL, card_exp_month = NULL, card_exp_year = NULL, risk_factors = NULL, ip_address = NULL, user_agent = NULL
    FROM unnest(run.payments_id, run.payments_created_at) AS b (id, created_at)
    WHERE t.id = b.id AND t.created_at = b.created_at;
    RETURN cardinality(run.payments_id);
END
$function$;

CREATE OR REPLACE FUNCTION public.anonymize_old_refunds(cutoff timestamp with time zone DEFAULT (now() - '7 years'::interval), batch_size integer DEFAULT 1000)
 RETURNS integer
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
#variable_conflict use_column
<<run>>
DECLARE
    refunds_id uuid[];
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('anonymize_old_refunds')) THEN
        RETURN 0;
    END IF;
    -- What is locked here stays as it is; what somebody else works on is left for the next run.
    SELECT array_agg(s.id) INTO run.refunds_id
    FROM (
        SELECT id FROM refunds
        WHERE requested_at < anonymize_old_refunds.cutoff AND num_nonnulls(reason_details, requested_by) > 0
        ORDER BY requested_at
        LIMIT anonymize_old_refunds.batch_size
        FOR UPDATE SKIP LOCKED
    ) AS s;
    IF run.refunds_id IS NULL THEN
        RETURN 0;
    END IF;
    UPDATE refunds AS t
    SET reason_details = NULL, requested_by = NULL
    FROM unnest(run.refunds_id) AS b (id)
    WHERE t.id = b.id;
    RETURN cardinality(run.refunds_id);
END
$function$;
