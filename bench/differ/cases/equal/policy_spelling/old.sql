CREATE TABLE account (owner text);
CREATE POLICY own_rows ON account USING (owner = current_user);
