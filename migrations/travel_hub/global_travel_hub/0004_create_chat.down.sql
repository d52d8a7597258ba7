-- airside: data-loss table public.chat_messages
DROP TABLE chat_messages;

DROP FUNCTION chat_messages_count();

-- airside: data-loss table public.chat_sessions
DROP TABLE chat_sessions;
