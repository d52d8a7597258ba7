GRANT CREATE ON SCHEMA public TO differ_writer;
CREATE TABLE trip (country text, city text);
CREATE STATISTICS trip_stats ON country, city FROM trip;
ALTER STATISTICS trip_stats OWNER TO differ_writer;
