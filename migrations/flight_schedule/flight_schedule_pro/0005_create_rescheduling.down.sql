-- airside: data-loss table public.preference_rankings
DROP TABLE preference_rankings;

DROP FUNCTION preference_rankings_check();

DROP FUNCTION preference_deadline(timestamptz, timestamptz);

-- airside: data-loss table public.reschedule_options
DROP TABLE reschedule_options;
