-- expects: domain-constraint-scan
-- given
CREATE DOMAIN money_amount AS numeric(10, 2);
CREATE TABLE bills (id int PRIMARY KEY, amount money_amount);
INSERT INTO bills VALUES (1, 1);
ALTER DOMAIN money_amount ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;
-- migration
ALTER DOMAIN money_amount VALIDATE CONSTRAINT positive;
