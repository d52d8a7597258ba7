-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
-- migration
CREATE TABLE logins (id int PRIMARY KEY, user_id int REFERENCES users (id), at timestamptz);
CREATE INDEX logins_user ON logins (user_id);
INSERT INTO logins (id) VALUES (1), (2);
