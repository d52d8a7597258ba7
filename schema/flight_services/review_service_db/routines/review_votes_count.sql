-- Adds and subtracts instead of counting: the lock of the row makes concurrent votes right, and it costs no scan.
CREATE FUNCTION review_votes_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE reviews
        SET helpful_count = helpful_count - (OLD.vote = 'HELPFUL')::int,
            not_helpful_count = not_helpful_count - (OLD.vote = 'NOT_HELPFUL')::int
        WHERE id = OLD.review_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE reviews
        SET helpful_count = helpful_count + (NEW.vote = 'HELPFUL')::int,
            not_helpful_count = not_helpful_count + (NEW.vote = 'NOT_HELPFUL')::int
        WHERE id = NEW.review_id;
    END IF;
    RETURN NULL;
END
$$;
