-- A booking fits its destination; a destination that is no longer active takes no new ones.
CREATE FUNCTION bookings_check_guests() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    d destinations%ROWTYPE;
BEGIN
    SELECT * INTO d FROM destinations WHERE id = NEW.destination_id FOR KEY SHARE;
    IF NEW.guests > d.max_guests THEN
        RAISE EXCEPTION '% guests exceed max_guests %', NEW.guests, d.max_guests
            USING ERRCODE = 'check_violation', CONSTRAINT = 'chk_booking_max_guests';
    END IF;
    IF TG_OP = 'INSERT' AND NOT d.active THEN
        RAISE EXCEPTION 'destination % is not active', d.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'chk_booking_active';
    END IF;
    RETURN NEW;
END
$$;
