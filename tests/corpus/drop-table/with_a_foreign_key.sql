-- expects: drop-table
-- given
CREATE TABLE users (id int PRIMARY KEY);
CREATE TABLE logins (id int PRIMARY KEY, user_id int REFERENCES users (id));
-- migration
DROP TABLE IF EXISTS logins;
