-- Cuts the searches of a person from the person; returns how many. No search is no error.
CREATE FUNCTION anonymize_user_searches(p_user uuid) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    n integer;
BEGIN
    UPDATE search_history
    SET user_id = NULL, session_id = NULL, ip_address = NULL, user_agent = NULL
    WHERE user_id = p_user;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END
$$;

GRANT EXECUTE ON FUNCTION anonymize_user_searches(uuid) TO search_service_db_app;
