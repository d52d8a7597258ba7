-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, tenant int, UNIQUE (id, tenant));
CREATE TABLE logins (id int PRIMARY KEY, user_id int, tenant int,
    CONSTRAINT logins_user FOREIGN KEY (user_id) REFERENCES users (id));
-- migration
ALTER TABLE logins
    ADD CONSTRAINT logins_user_of_tenant FOREIGN KEY (user_id, tenant) REFERENCES users (id, tenant) NOT VALID,
    DROP CONSTRAINT logins_user;
