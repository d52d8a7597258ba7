CREATE TYPE state AS ENUM ('new');
CREATE DOMAIN email AS text;
CREATE TYPE address AS (street text);
CREATE TYPE span AS RANGE (subtype = integer);
