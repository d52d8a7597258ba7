-- safe
-- given
CREATE TABLE countries (id serial PRIMARY KEY, code text NOT NULL UNIQUE);
-- migration
INSERT INTO countries (code) VALUES ('NO'), ('SE') ON CONFLICT (code) DO NOTHING;
