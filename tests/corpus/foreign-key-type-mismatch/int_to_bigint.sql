-- expects: foreign-key-type-mismatch
-- given
CREATE TABLE users (id bigint PRIMARY KEY);
-- migration
CREATE TABLE logins (id bigint PRIMARY KEY, user_id int REFERENCES users (id));
