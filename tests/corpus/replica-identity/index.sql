-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL);
CREATE UNIQUE INDEX users_email ON users (email);
-- migration
ALTER TABLE users REPLICA IDENTITY USING INDEX users_email;
