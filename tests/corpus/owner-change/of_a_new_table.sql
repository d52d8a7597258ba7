-- safe
-- given
CREATE TABLE other (id int PRIMARY KEY);
-- migration
CREATE TABLE users (id int PRIMARY KEY);
ALTER TABLE users OWNER TO CURRENT_USER;
