-- Rendered from the declaration: what is personal of payments goes after seven years, the accounts stay.

CREATE OR REPLACE FUNCTION public.anonymize_old_payment_methods(cutoff timestamp with time zone DEFAULT (now() - '7 years'::interval), batch_size integer DEFAULT 1000)
 RETURNS integer
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
#variable_conflict use_column
<<run>>
DECLARE
    payment_methods_id uuid[];
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('anonymize_old_payment_methods')) THEN
        RETURN 0;
    END IF;
    -- What is locked here stays as it is; what somebody else works on is left for the next run.
    SELECT array_agg(s.id) INTO run.payment_methods_id
    FROM (
        SELECT id FROM payment_methods
        WHERE updated_at < anonymize_old_payment_methods.cutoff AND (NOT EXISTS (SELECT FROM transactions AS used WHERE used.payment_method_id = payment_methods.id AND used.created_at >= now() - interval '7 years')) AND num_nonnulls(card_last_four, card_brand, card_expiry_month, card_expiry_year, billing_address, payment_token_encrypted) > 0
        ORDER BY updated_at
        LIMIT anonymize_old_payment_methods.batch_size
        FOR UPDATE SKIP LOCKED
    ) AS s;
    IF run.payment_methods_id IS NULL THEN
        RETURN 0;
    END IF;
    UPDATE payment_methods AS t
    SET card_last_four = NULL, card_brand = NULL, card_expiry_month = NULL, card_expiry_year = NULL, billing_address = NULL, payment_token_encrypted = NULL
    FROM unnest(run.payment_methods_id) AS b (id)
    WHERE t.id = b.id;
    RETURN cardinality(run.payment_methods_id);
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
        WHERE created_at < anonymize_old_refunds.cutoff AND num_nonnulls(notes) > 0
        ORDER BY created_at
        LIMIT anonymize_old_refunds.batch_size
        FOR UPDATE SKIP LOCKED
    ) AS s;
    IF run.refunds_id IS NULL THEN
        RETURN 0;
    END IF;
    UPDATE refunds AS t
    SET notes = NULL
    FROM unnest(run.refunds_id) AS b (id)
    WHERE t.id = b.id;
    RETURN cardinality(run.refunds_id);
END
$function$;

CREATE OR REPLACE FUNCTION public.anonymize_old_transactions(cutoff timestamp with time zone DEFAULT (now() - '7 years'::interval), batch_size integer DEFAULT 1000)
 RETURNS integer
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
#variable_conflict use_column
<<run>>
DECLARE
    transactions_id uuid[];
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('anonymize_old_transactions')) THEN
        RETURN 0;
    END IF;
    -- What is locked here stays as it is; what somebody else works on is left for the next run.
    SELECT array_agg(s.id) INTO run.transactions_id
    FROM (
        SELECT id FROM transactions
        WHERE created_at < anonymize_old_transactions.cutoff AND num_nonnulls(failure_reason, metadata) > 0
        ORDER BY created_at
        LIMIT anonymize_old_transactions.batch_size
        FOR UPDATE SKIP LOCKED
    ) AS s;
    IF run.transactions_id IS NULL THEN
        RETURN 0;
    END IF;
    UPDATE transactions AS t
    SET failure_reason = NULL, metadata = NULL
    FROM unnest(run.transactions_id) AS b (id)
    WHERE t.id = b.id;
    RETURN cardinality(run.transactions_id);
END
$function$;
