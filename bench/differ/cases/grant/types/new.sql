CREATE TYPE state AS ENUM ('new');
CREATE DOMAIN email AS text;
CREATE TYPE address AS (street text);
CREATE TYPE span AS RANGE (subtype = integer);
REVOKE USAGE ON TYPE state FROM PUBLIC;
GRANT USAGE ON DOMAIN email TO differ_writer;
GRANT USAGE ON TYPE address TO differ_writer;
REVOKE USAGE ON TYPE span FROM PUBLIC;
