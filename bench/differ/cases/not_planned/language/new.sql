CREATE LANGUAGE plother HANDLER plpgsql_call_handler;
