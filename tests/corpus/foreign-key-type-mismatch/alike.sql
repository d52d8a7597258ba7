-- safe
-- given
CREATE TABLE users (id bigint PRIMARY KEY, code varchar(10) UNIQUE);
-- migration
CREATE TABLE logins (
    id bigint PRIMARY KEY,
    user_id bigint REFERENCES users (id),
    user_code varchar(20) REFERENCES users (code)
);
