-- expects: replica-identity, drop-constraint
-- given
CREATE TABLE users (id int CONSTRAINT users_pkey PRIMARY KEY, email text NOT NULL);
CREATE PUBLICATION everything FOR TABLE users;
-- migration
ALTER TABLE users DROP CONSTRAINT users_pkey;
