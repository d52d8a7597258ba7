-- A card is good until its month has ended.
CREATE FUNCTION require_unexpired_card() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF make_date(NEW.card_exp_year, NEW.card_exp_month, 1) + interval '1 month' <= (now() AT TIME ZONE 'UTC') THEN
        RAISE EXCEPTION 'card has expired' USING ERRCODE = 'check_violation', CONSTRAINT = 'valid_expiry';
    END IF;
    RETURN NEW;
END
$$;
