-- expects: missing-lock-timeout
-- timeouts: file
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
CREATE TABLE logins (id int PRIMARY KEY, user_id int REFERENCES users (id));
