CREATE TABLE account (owner text, open boolean);
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON account USING (owner = current_user AND open) WITH CHECK (owner = current_user);
