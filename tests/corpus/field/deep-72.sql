-- safe
-- given
CREATE TABLE k (id serial PRIMARY KEY, v int);
INSERT INTO k (v) VALUES (1);
-- migration
ALTER TABLE k ALTER COLUMN v TYPE int;
