CREATE FUNCTION require_future_passport() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.passport_expiry_date <= (NEW.booking_departure_datetime AT TIME ZONE 'UTC')::date THEN
        RAISE EXCEPTION 'passport expires before departure'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'valid_passport_expiry';
    END IF;
    RETURN NEW;
END
$$;
