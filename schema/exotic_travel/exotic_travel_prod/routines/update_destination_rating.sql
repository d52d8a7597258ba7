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
