CREATE TABLE person (name text);
CREATE INDEX person_name_idx ON person (name text_pattern_ops);
