CREATE TABLE trip (country text, city text);
CREATE STATISTICS trip_stats (dependencies, ndistinct) ON country, city FROM trip;
