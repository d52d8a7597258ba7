DROP FUNCTION regenerate_reschedule_options(uuid, jsonb);
