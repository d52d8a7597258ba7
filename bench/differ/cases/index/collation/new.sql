CREATE TABLE person (name text);
CREATE INDEX person_name_idx ON person (name COLLATE "C");
