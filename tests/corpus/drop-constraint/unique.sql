-- expects: drop-constraint
-- given
CREATE TABLE users (id int PRIMARY KEY, email text, CONSTRAINT users_email UNIQUE (email));
-- migration
ALTER TABLE users DROP CONSTRAINT users_email;
