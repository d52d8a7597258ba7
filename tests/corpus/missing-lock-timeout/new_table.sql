-- safe
-- timeouts: file
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
CREATE TABLE logins (id int PRIMARY KEY, user_id int);
CREATE INDEX logins_user ON logins (user_id);
