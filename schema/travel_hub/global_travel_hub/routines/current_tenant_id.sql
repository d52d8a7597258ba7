-- NULL when no tenant is set: after a transaction that set one, the setting is an empty string.
CREATE FUNCTION current_tenant_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid
$$;
