-- expects: exclusion-constraint
-- given
CREATE TABLE rooms (id int NOT NULL, during int4range NOT NULL);
INSERT INTO rooms VALUES (1, '[1,5)');
-- migration
ALTER TABLE rooms ADD CONSTRAINT one_at_a_time EXCLUDE USING gist (during WITH &&);
