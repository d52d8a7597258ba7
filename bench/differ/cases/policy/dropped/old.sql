CREATE TABLE account (owner text);
CREATE POLICY "Own rows" ON account USING (true);
