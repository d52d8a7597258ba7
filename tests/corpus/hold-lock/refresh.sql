-- expects: hold-lock
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE TABLE logins (id int PRIMARY KEY, user_id int);
CREATE MATERIALIZED VIEW per_user AS SELECT user_id, count(*) AS n FROM logins GROUP BY user_id;
-- migration
ALTER TABLE users ADD COLUMN state text;
REFRESH MATERIALIZED VIEW per_user;
