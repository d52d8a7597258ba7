CREATE TABLE person (name text);
CREATE EXTENSION pg_trgm;
CREATE INDEX person_name_idx ON person USING gin (name gin_trgm_ops);
