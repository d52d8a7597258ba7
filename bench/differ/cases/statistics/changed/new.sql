CREATE TABLE trip (country text, city text);
CREATE STATISTICS trip_stats (mcv) ON country, lower(city) FROM trip;
