CREATE TABLE account (owner text);
CREATE POLICY own_rows ON account AS PERMISSIVE FOR ALL TO PUBLIC USING ((account.owner = CURRENT_USER));
