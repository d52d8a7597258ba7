-- safe
-- given
-- migration
CREATE SCHEMA billing;
CREATE TABLE billing.plans (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO billing.plans VALUES (1, 'free'), (2, 'pro');
CREATE UNIQUE INDEX plans_name ON billing.plans (name);
