-- expects: rename
-- given
CREATE TYPE address AS (street text, city text);
-- migration
ALTER TYPE address RENAME ATTRIBUTE street TO road;
