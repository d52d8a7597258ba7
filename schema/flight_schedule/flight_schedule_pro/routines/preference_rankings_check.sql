-- Only the two people of the booking rank its options, and only before the deadline.
CREATE FUNCTION preference_rankings_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM bookings b WHERE b.id = NEW.booking_id AND NEW.user_id IN (b.student_id, b.instructor_id)
    ) THEN
        RAISE EXCEPTION 'user % is neither student nor instructor of booking %', NEW.user_id, NEW.booking_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.submitted_at > NEW.deadline THEN
        RAISE EXCEPTION 'deadline has passed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
