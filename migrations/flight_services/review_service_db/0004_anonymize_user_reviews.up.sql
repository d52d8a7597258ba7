-- Ratings and votes stay and count, under a user that nobody is; returns how many reviews.
CREATE FUNCTION anonymize_user_reviews(p_user uuid) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    n integer;
BEGIN
    UPDATE review_votes SET user_id = gen_random_uuid() WHERE user_id = p_user;
    UPDATE reviews
    SET user_id = gen_random_uuid(), title = NULL, review_text = NULL, moderation_notes = NULL
    WHERE user_id = p_user;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END
$$;

GRANT EXECUTE ON FUNCTION anonymize_user_reviews(uuid) TO review_service_db_app;
