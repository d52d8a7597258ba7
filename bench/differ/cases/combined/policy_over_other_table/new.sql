CREATE TABLE member (name text, team bigint);
CREATE TABLE account (team bigint);
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
CREATE POLICY team_rows ON account USING (team IN (SELECT m.team FROM member m WHERE m.name = current_user));
