-- safe
-- given
CREATE TABLE plans (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
-- migration
INSERT INTO plans (name) VALUES ('free');
INSERT INTO plans (id, name) VALUES (DEFAULT, 'pro');
