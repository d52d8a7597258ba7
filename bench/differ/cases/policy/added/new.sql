CREATE TABLE account (owner text);
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON account FOR SELECT TO differ_reader USING (owner = current_user);
