-- expects: sequence-behind
-- given
CREATE TABLE plans (id serial PRIMARY KEY, name text);
-- migration
SELECT setval('plans_id_seq', 1, false);
