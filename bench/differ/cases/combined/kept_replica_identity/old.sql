CREATE TABLE account (id integer, code text NOT NULL, kind integer NOT NULL);
CREATE UNIQUE INDEX account_code_idx ON account (code);
ALTER TABLE account REPLICA IDENTITY USING INDEX account_code_idx;
ALTER TABLE account CLUSTER ON account_code_idx;
COMMENT ON INDEX account_code_idx IS 'By code';
