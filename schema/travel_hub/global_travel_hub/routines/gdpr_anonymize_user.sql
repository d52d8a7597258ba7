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
