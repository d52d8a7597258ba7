CREATE TABLE trip (country text, city text);
CREATE STATISTICS trip_stats (dependencies) ON country, city FROM trip;
