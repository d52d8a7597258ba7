CREATE TABLE review_votes (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    review_id uuid NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
    user_id uuid NOT NULL,
    vote varchar(20) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    CONSTRAINT valid_vote CHECK (vote IN ('HELPFUL', 'NOT_HELPFUL')),
    CONSTRAINT one_vote_per_user UNIQUE (review_id, user_id)
);

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

CREATE OR REPLACE TRIGGER trg_review_votes_count AFTER INSERT OR UPDATE OR DELETE ON review_votes
FOR EACH ROW EXECUTE FUNCTION review_votes_count();

GRANT SELECT, INSERT, UPDATE, DELETE ON review_votes TO review_service_db_app;

GRANT SELECT ON review_votes TO review_service_db_readonly;
