CREATE TABLE account (id integer PRIMARY KEY, code text NOT NULL);
CREATE UNIQUE INDEX account_code_idx ON account (code);
ALTER TABLE account REPLICA IDENTITY USING INDEX account_code_idx;
