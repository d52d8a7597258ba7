-- expects: lossy-type-change
-- given
CREATE TABLE points (id int PRIMARY KEY, x double precision);
INSERT INTO points VALUES (1, 1);
-- migration
ALTER TABLE points ALTER COLUMN x TYPE real;
