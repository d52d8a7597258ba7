-- expects: sequence-behind
-- given
CREATE TABLE s (id serial PRIMARY KEY);
INSERT INTO s DEFAULT VALUES;
-- migration
ALTER SEQUENCE s_id_seq RESTART WITH 1;
