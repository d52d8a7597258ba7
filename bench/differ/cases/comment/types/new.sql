CREATE TYPE state AS ENUM ('new');
CREATE DOMAIN email AS text;
CREATE TYPE address AS (street text);
CREATE TYPE span AS RANGE (subtype = integer);
COMMENT ON TYPE state IS 'e';
COMMENT ON DOMAIN email IS 'd';
COMMENT ON TYPE address IS 'c';
COMMENT ON TYPE span IS 'r';
