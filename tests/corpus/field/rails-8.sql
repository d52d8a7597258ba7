-- expects: type-change
-- given
CREATE TABLE accounts (id serial PRIMARY KEY);
CREATE TABLE entries (id serial PRIMARY KEY, account_id int REFERENCES accounts);
-- migration
ALTER TABLE "accounts" ALTER COLUMN "id" TYPE bigint;
ALTER TABLE "entries" ALTER COLUMN "account_id" TYPE bigint;
