-- expects: drop-object
-- given
CREATE TABLE users (id int PRIMARY KEY);
CREATE TABLE orders (id int PRIMARY KEY);
CREATE PUBLICATION everything FOR TABLE users, orders;
-- migration
ALTER PUBLICATION everything DROP TABLE orders;
