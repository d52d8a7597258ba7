CREATE TABLE reviews (
    id bigserial PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    destination_id bigint NOT NULL REFERENCES destinations (id) ON DELETE RESTRICT,
    booking_id bigint REFERENCES bookings (id) ON DELETE RESTRICT,
    rating integer NOT NULL,
    comment text,
    helpful_count integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- one review without a booking, too: NULLS NOT DISTINCT
    CONSTRAINT reviews_user_id_destination_id_booking_id_key
    UNIQUE NULLS NOT DISTINCT (user_id, destination_id, booking_id),
    CONSTRAINT reviews_rating_check CHECK (rating >= 1 AND rating <= 5),
    CONSTRAINT ck_reviews_helpful CHECK (helpful_count >= 0)
);

CREATE INDEX idx_reviews_destination_id ON reviews (destination_id);

CREATE INDEX idx_reviews_rating ON reviews (rating);

CREATE INDEX idx_reviews_created_at ON reviews (created_at);

CREATE OR REPLACE TRIGGER trigger_reviews_updated_at BEFORE UPDATE ON reviews
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- Locks the destinations in the order of their ids before it counts: the later of two concurrent reviews sees both,
-- and two reviews that change places cannot deadlock.
CREATE FUNCTION update_destination_rating() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    d bigint;
BEGIN
    FOR d IN
        SELECT DISTINCT v
        FROM unnest(ARRAY[
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.destination_id END,
            CASE WHEN TG_OP <> 'DELETE' THEN NEW.destination_id END
        ]) v
        WHERE v IS NOT NULL
        ORDER BY v
    LOOP
        PERFORM 1 FROM destinations WHERE id = d FOR NO KEY UPDATE;
        UPDATE destinations
        SET rating = coalesce((SELECT avg(rating) FROM reviews WHERE destination_id = d), 0),
            review_count = (SELECT count(*) FROM reviews WHERE destination_id = d),
            updated_at = now()
        WHERE id = d;
    END LOOP;
    RETURN NULL;
END
$$;

-- Not on every column: a helpful vote must not lock the destination.
CREATE OR REPLACE TRIGGER trigger_update_destination_rating
AFTER INSERT OR DELETE OR UPDATE OF rating, destination_id ON reviews
FOR EACH ROW EXECUTE FUNCTION update_destination_rating();

GRANT SELECT, INSERT, UPDATE, DELETE ON reviews TO exotic_travel_prod_app;

GRANT SELECT ON reviews TO exotic_travel_prod_readonly;

GRANT USAGE, SELECT ON SEQUENCE reviews_id_seq TO exotic_travel_prod_app;
