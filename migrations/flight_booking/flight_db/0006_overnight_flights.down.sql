-- airside: data-loss column public.flights.arrival_day_offset
ALTER TABLE flights DROP COLUMN arrival_day_offset;
