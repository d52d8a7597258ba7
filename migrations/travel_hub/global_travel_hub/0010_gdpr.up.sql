-- Everything about a person but secrets, each row once: subqueries instead of joins that multiply each other.
CREATE FUNCTION gdpr_export_user(p_user uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'user', to_jsonb(u) - 'hashed_password',
        'oauth_accounts', coalesce((
            SELECT jsonb_agg(to_jsonb(o) - 'access_token_encrypted' - 'refresh_token_encrypted' ORDER BY o.created_at)
            FROM oauth_accounts o
            WHERE o.user_id = u.id
        ), '[]'),
        'chat_sessions', coalesce((
            SELECT jsonb_agg(
                to_jsonb(s) || jsonb_build_object('messages', coalesce((
                    SELECT jsonb_agg(to_jsonb(m) ORDER BY m.created_at)
                    FROM chat_messages m
                    WHERE m.session_id = s.id
                ), '[]'))
                ORDER BY s.created_at
            )
            FROM chat_sessions s
            WHERE s.user_id = u.id
        ), '[]'),
        'bookings', coalesce((
            SELECT jsonb_agg(
                to_jsonb(b) || jsonb_build_object('items', coalesce((
                    SELECT jsonb_agg(to_jsonb(i) || jsonb_build_object('flight', to_jsonb(f), 'hotel', to_jsonb(h)))
                    FROM booking_items i
                    LEFT JOIN flight_bookings f ON f.id = i.flight_booking_id
                    LEFT JOIN hotel_bookings h ON h.id = i.hotel_booking_id
                    WHERE i.booking_id = b.id
                ), '[]'))
                ORDER BY b.created_at
            )
            FROM bookings b
            WHERE b.user_id = u.id
        ), '[]'),
        'analytics_events', coalesce((
            SELECT jsonb_agg(to_jsonb(e) ORDER BY e.created_at)
            FROM analytics_events e
            WHERE e.user_id = u.id
        ), '[]')
    )
    FROM users u
    WHERE u.id = p_user
$$;

-- Erases a person at once; rows stay until gdpr_purge_deleted_users(). LangGraph's state of the threads is for the
-- application to delete (delete_thread).
CREATE FUNCTION gdpr_anonymize_user(p_user uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE users
    SET deleted_at = coalesce(deleted_at, now()),
        email = 'deleted-' || id || '@anonymized.invalid',
        full_name = NULL,
        phone = NULL,
        hashed_password = NULL,
        status = 'inactive',
        data_processing_consent = false,
        consent_granted_at = NULL,
        marketing_consent = false
    WHERE id = p_user;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'user % does not exist', p_user USING ERRCODE = 'no_data_found';
    END IF;
    DELETE FROM oauth_accounts WHERE user_id = p_user;
    UPDATE chat_messages
    SET content = '[deleted]', metadata = '{}'
    WHERE session_id IN (SELECT id FROM chat_sessions WHERE user_id = p_user);
    UPDATE chat_sessions
    SET title = NULL, context = '{}', deleted_at = coalesce(deleted_at, now())
    WHERE user_id = p_user;
    UPDATE flight_bookings
    SET passengers = '[]', pnr = NULL, details = '{}'
    WHERE id IN (
        SELECT i.flight_booking_id FROM booking_items i JOIN bookings b ON b.id = i.booking_id WHERE b.user_id = p_user
    );
    UPDATE hotel_bookings
    SET guests = '[]', confirmation_number = NULL, details = '{}'
    WHERE id IN (
        SELECT i.hotel_booking_id FROM booking_items i JOIN bookings b ON b.id = i.booking_id WHERE b.user_id = p_user
    );
    UPDATE bookings
    SET contact_name = NULL, contact_email = NULL, contact_phone = NULL, metadata = '{}'
    WHERE user_id = p_user;
    UPDATE analytics_events SET user_id = NULL, session_id = NULL, event_data = '{}' WHERE user_id = p_user;
END
$$;

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

GRANT EXECUTE ON FUNCTION gdpr_export_user(uuid) TO global_travel_hub_app, global_travel_hub_readonly;

GRANT EXECUTE ON FUNCTION gdpr_anonymize_user(uuid) TO global_travel_hub_app;

GRANT EXECUTE ON FUNCTION gdpr_purge_deleted_users(interval) TO global_travel_hub_app;
