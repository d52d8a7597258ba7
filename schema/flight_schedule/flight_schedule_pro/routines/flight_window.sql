-- timestamptz + interval is only STABLE, because days and months depend on the time zone; seconds do not, and an
-- exclusion constraint needs IMMUTABLE.
CREATE FUNCTION flight_window(starts timestamptz, minutes integer) RETURNS tstzrange
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT tstzrange(starts, starts + make_interval(secs => minutes * 60), '[)')
$$;
