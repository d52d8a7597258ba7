-- safe
-- given
CREATE TABLE other (id int PRIMARY KEY);
-- migration
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code char(3), seen timestamp);
