CREATE TABLE trip (country text, city text);
CREATE STATISTICS trip_stats ON country, city FROM trip;
ALTER STATISTICS trip_stats SET STATISTICS 200;
