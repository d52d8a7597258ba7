-- safe
-- given
CREATE TABLE stays (id bigint PRIMARY KEY, during daterange);
-- migration
CREATE TABLE visits (id bigint PRIMARY KEY, during daterange NOT NULL);
ALTER TABLE visits ADD CONSTRAINT visits_apart EXCLUDE USING gist (during WITH &&);
