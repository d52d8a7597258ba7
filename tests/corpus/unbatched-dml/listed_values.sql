-- safe
-- given
CREATE TABLE plans (code text PRIMARY KEY, price int);
-- migration
INSERT INTO plans VALUES ('free', 0), ('pro', 10);
UPDATE plans SET price = new.price FROM (VALUES ('free', 1), ('pro', 12)) AS new (code, price) WHERE plans.code = new.code;
