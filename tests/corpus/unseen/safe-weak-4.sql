-- safe
-- timeouts: file
-- given
CREATE TYPE st AS ENUM ('a', 'b'); CREATE TABLE q (id int PRIMARY KEY, s st);
-- migration
ALTER TYPE st ADD VALUE IF NOT EXISTS 'c';
COMMENT ON TYPE st IS 'states';
