-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
CREATE TABLE staging (id int PRIMARY KEY);
DROP TABLE staging;
