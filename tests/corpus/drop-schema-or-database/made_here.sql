-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
CREATE SCHEMA staging;
CREATE TABLE staging.users (id int PRIMARY KEY);
