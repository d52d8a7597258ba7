-- expects: lock-table
-- timeouts: file
-- given
CREATE SCHEMA IF NOT EXISTS bank;
CREATE TABLE bank.account (account_no varchar(34) PRIMARY KEY, currency char(3) NOT NULL DEFAULT 'EUR', opened date NOT NULL, balance numeric(18,2) NOT NULL DEFAULT 0);
CREATE TABLE bank.entry (entry_id bigint PRIMARY KEY, account_no varchar(34) NOT NULL, amount numeric(14,2) NOT NULL, booked_at timestamptz NOT NULL DEFAULT now(), reference varchar(140), posted boolean);
CREATE INDEX entry_account_no ON bank.entry (account_no);
-- migration
SET lock_timeout = '2s';
LOCK TABLE bank.entry IN ACCESS EXCLUSIVE MODE;
