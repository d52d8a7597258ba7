-- safe
-- timeouts: file
-- given
CREATE TYPE money_amount AS (cents bigint, currency char(3));
-- migration
ALTER TYPE money_amount ADD ATTRIBUTE scale int;
CREATE TYPE geo AS (lat double precision, lon double precision);
