-- expects: truncate
-- given
CREATE TABLE users (id int PRIMARY KEY);
CREATE TABLE logins (id int PRIMARY KEY, user_id int REFERENCES users (id));
-- migration
TRUNCATE TABLE users RESTART IDENTITY CASCADE;
