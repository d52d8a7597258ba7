CREATE SCHEMA booking;
ALTER SCHEMA booking OWNER TO differ_writer;
