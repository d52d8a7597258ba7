-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
REVOKE ALL ON users FROM PUBLIC;
