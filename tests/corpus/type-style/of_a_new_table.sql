-- expects: type-style
-- given
CREATE TABLE other (id int PRIMARY KEY);
-- migration
CREATE TABLE users (id bigint PRIMARY KEY, code char(3), price money, payload json, at timestamp);
