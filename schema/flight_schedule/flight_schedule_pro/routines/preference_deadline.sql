-- 30 minutes before departure or 12 hours after the notification, whichever is first.
CREATE FUNCTION preference_deadline(departure timestamptz, notified timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT least(departure - make_interval(secs => 1800), notified + make_interval(secs => 43200))
$$;
