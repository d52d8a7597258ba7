-- safe
-- timeouts: file
-- given
CREATE SCHEMA IF NOT EXISTS bank;
CREATE TABLE bank.account (account_no varchar(34) PRIMARY KEY, currency char(3) NOT NULL DEFAULT 'EUR', opened date NOT NULL, balance numeric(18,2) NOT NULL DEFAULT 0);
CREATE TABLE bank.entry (entry_id bigint PRIMARY KEY, account_no varchar(34) NOT NULL, amount numeric(14,2) NOT NULL, booked_at timestamptz NOT NULL DEFAULT now(), reference varchar(140), posted boolean);
CREATE INDEX entry_account_no ON bank.entry (account_no);
-- migration
-- swap: build the covering one first, then let go of the narrow one
SET lock_timeout = '2s';
CREATE INDEX CONCURRENTLY entry_account_booked ON bank.entry (account_no, booked_at) INCLUDE (amount);
DROP INDEX CONCURRENTLY bank.entry_account_no;
