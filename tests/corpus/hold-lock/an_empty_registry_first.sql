-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
-- migration
CREATE TABLE registry (user_id int PRIMARY KEY REFERENCES users (id), name text NOT NULL);
CREATE INDEX registry_name ON registry (name);
