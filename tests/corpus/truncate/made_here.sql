-- safe
-- given
CREATE TABLE sessions (id int PRIMARY KEY);
-- migration
CREATE TABLE staging (id int PRIMARY KEY);
TRUNCATE staging;
