CREATE FUNCTION chat_messages_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE chat_sessions
    SET message_count = message_count + 1,
        last_message_at = greatest(last_message_at, NEW.created_at)
    WHERE id = NEW.session_id;
    RETURN NULL;
END
$$;
