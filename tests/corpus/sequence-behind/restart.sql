-- expects: sequence-behind
-- given
CREATE TABLE plans (id serial PRIMARY KEY, name text);
-- migration
ALTER SEQUENCE plans_id_seq RESTART WITH 1;
