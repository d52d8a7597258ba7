CREATE TABLE account (owner text);
CREATE POLICY own_rows ON account USING (true);
