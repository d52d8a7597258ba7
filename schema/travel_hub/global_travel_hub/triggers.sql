CREATE TRIGGER trg_chat_messages_count AFTER INSERT ON chat_messages
FOR EACH ROW EXECUTE FUNCTION chat_messages_count();
