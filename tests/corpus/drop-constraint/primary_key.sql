-- expects: drop-constraint
-- given
CREATE TABLE users (id int CONSTRAINT users_pkey PRIMARY KEY);
-- migration
ALTER TABLE users DROP CONSTRAINT users_pkey;
