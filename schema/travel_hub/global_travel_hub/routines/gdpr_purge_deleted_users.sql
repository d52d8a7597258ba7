-- Removes the users of the current tenant who were deleted longer ago than `keep`, with their chats; returns how many.
CREATE FUNCTION gdpr_purge_deleted_users(keep interval DEFAULT interval '30 days') RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    n integer;
BEGIN
    DELETE FROM users WHERE deleted_at < now() - keep;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END
$$;
