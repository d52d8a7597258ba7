-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
CREATE TEMPORARY TABLE picked AS SELECT 1 AS id;
DROP TABLE picked;
