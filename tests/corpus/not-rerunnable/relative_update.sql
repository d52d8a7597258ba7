-- expects: not-rerunnable
-- given
CREATE TABLE plans (id int PRIMARY KEY, price int);
-- migration
-- airside: transaction = off
UPDATE plans SET price = price + 1 WHERE id = 1;
CREATE INDEX CONCURRENTLY IF NOT EXISTS plans_price ON plans (price);
