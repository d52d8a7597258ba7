-- expects: foreign-key-type-mismatch
-- given
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE logins (id bigint PRIMARY KEY, user_id int);
-- migration
ALTER TABLE logins ADD CONSTRAINT logins_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
