CREATE TABLE account (owner text);
CREATE POLICY own_rows ON account AS RESTRICTIVE FOR UPDATE USING (true);
