-- expects: replica-identity
-- given
CREATE TABLE users (id int CONSTRAINT users_pkey PRIMARY KEY, email text NOT NULL);
-- migration
ALTER TABLE users DROP CONSTRAINT users_pkey;
