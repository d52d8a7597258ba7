-- Policies bind whoever migrates too, so one tenant after the other: a plain UPDATE would find no row. Two accounts
-- of one tenant that differ in case only stop here (23505): somebody has to join them by hand.
-- airside: allow unbatched-dml because only the few addresses with capitals change, and ck_users_email_lower lets no new ones in
DO $$
DECLARE
    t uuid;
BEGIN
    FOR t IN SELECT id FROM tenants LOOP
        PERFORM set_config('app.current_tenant_id', t::text, true);
        UPDATE users SET email = lower(email) WHERE email <> lower(email);
    END LOOP;
    PERFORM set_config('app.current_tenant_id', '', true);
END
$$;

ALTER TABLE users VALIDATE CONSTRAINT ck_users_email_lower;
