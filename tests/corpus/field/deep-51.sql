-- safe
-- given
CREATE TABLE n (id bigint PRIMARY KEY, v varchar);
INSERT INTO n VALUES (1, 'a');
CREATE INDEX n_v ON n (v);
-- migration
ALTER TABLE n ALTER COLUMN v TYPE text;
