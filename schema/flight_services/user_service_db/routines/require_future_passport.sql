-- A trigger and not a CHECK: what was valid when it was written must still load from a dump.
CREATE FUNCTION require_future_passport() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.passport_expiry_date <= (now() AT TIME ZONE 'UTC')::date THEN
        RAISE EXCEPTION 'passport has expired'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'valid_passport_expiry';
    END IF;
    RETURN NEW;
END
$$;
