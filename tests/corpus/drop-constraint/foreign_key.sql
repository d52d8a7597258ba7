-- expects: drop-constraint
-- given
CREATE TABLE users (id int PRIMARY KEY);
CREATE TABLE logins (id int PRIMARY KEY, user_id int CONSTRAINT logins_user REFERENCES users (id));
-- migration
ALTER TABLE logins DROP CONSTRAINT logins_user;
