-- SECURITY DEFINER: the app role writes the log only through this trigger, whatever the policies hide from it.
CREATE FUNCTION write_audit_log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
    o jsonb;
    n jsonb;
    pii text[] := ARRAY[
        'password_hash', 'name', 'email', 'phone', 'special_requests', 'payment_intent_id', 'cancellation_reason'
    ];
BEGIN
    IF TG_OP <> 'INSERT' THEN
        o := to_jsonb(OLD) - pii;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        n := to_jsonb(NEW) - pii;
    END IF;
    INSERT INTO public.audit_logs (user_id, action, resource_type, resource_id, old_values, new_values)
    VALUES (
        nullif(current_setting('app.current_user_id', true), '')::bigint,
        lower(TG_OP),
        TG_TABLE_NAME,
        coalesce((n ->> 'id')::bigint, (o ->> 'id')::bigint),
        o,
        n
    );
    RETURN NULL;
END
$$;
