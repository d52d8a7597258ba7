-- expects: sequence-behind
-- given
CREATE TABLE plans (id serial PRIMARY KEY, name text);
-- migration
INSERT INTO plans VALUES (1001, 'free');
