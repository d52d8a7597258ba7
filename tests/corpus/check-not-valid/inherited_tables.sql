-- expects: check-not-valid
-- given
CREATE TABLE vehicles (id int PRIMARY KEY, weight int);
CREATE TABLE lorries (axles int) INHERITS (vehicles);
INSERT INTO lorries VALUES (1, 2, 3);
-- migration
ALTER TABLE vehicles ADD CONSTRAINT vehicles_weight CHECK (weight > 0);
