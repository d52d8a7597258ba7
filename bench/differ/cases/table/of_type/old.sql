CREATE TYPE address_type AS (street text, zip text);
CREATE TABLE address (street text, zip text);
