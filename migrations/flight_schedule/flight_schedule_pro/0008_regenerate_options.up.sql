-- Replaces the options of a booking. What was offered and ranked before goes into the audit log, and both people
-- rank again; the deadlines stay. Returns how many options there are now.
CREATE FUNCTION regenerate_reschedule_options(p_booking uuid, p_options jsonb) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    n integer;
BEGIN
    PERFORM 1 FROM bookings WHERE id = p_booking FOR UPDATE;
    INSERT INTO audit_log (entity_type, entity_id, action, metadata)
    SELECT 'booking', p_booking, 'OPTIONS_REGENERATED', jsonb_build_object(
        'options', coalesce(
            (SELECT jsonb_agg(to_jsonb(o)) FROM reschedule_options o WHERE o.booking_id = p_booking), '[]'
        ),
        'rankings', coalesce(
            (SELECT jsonb_agg(to_jsonb(r)) FROM preference_rankings r WHERE r.booking_id = p_booking), '[]'
        )
    );
    UPDATE preference_rankings
    SET option1_id = NULL, option2_id = NULL, option3_id = NULL, unavailable_option_ids = '{}', submitted_at = NULL
    WHERE booking_id = p_booking;
    DELETE FROM reschedule_options WHERE booking_id = p_booking;
    INSERT INTO reschedule_options (booking_id, suggested_datetime, weather_forecast, ai_confidence_score)
    SELECT p_booking, x.suggested_datetime, x.weather_forecast, x.ai_confidence_score
    FROM jsonb_to_recordset(p_options) AS x(
        suggested_datetime timestamptz, weather_forecast jsonb, ai_confidence_score numeric
    );
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END
$$;

GRANT EXECUTE ON FUNCTION regenerate_reschedule_options(uuid, jsonb) TO flight_schedule_pro_app;
