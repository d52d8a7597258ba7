-- expects: sequence-behind
-- given
CREATE TABLE countries (id serial PRIMARY KEY, code text NOT NULL);
-- migration
INSERT INTO countries (id, code) VALUES (500, 'NO'), (501, 'SE');
