-- safe
-- given
CREATE DOMAIN money_amount AS numeric(10, 2);
CREATE TABLE bills (id int PRIMARY KEY, amount money_amount);
INSERT INTO bills VALUES (1, 1);
-- migration
CREATE DOMAIN share AS numeric;
ALTER DOMAIN share ADD CONSTRAINT share_range CHECK (VALUE BETWEEN 0 AND 1);
