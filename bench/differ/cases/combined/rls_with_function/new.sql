CREATE TABLE member (name text, team text);
CREATE FUNCTION my_team() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
    AS 'SELECT team FROM public.member WHERE name = session_user';
REVOKE EXECUTE ON FUNCTION my_team() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION my_team() TO differ_reader;
CREATE TABLE account (id integer, team text);
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
CREATE POLICY team_rows ON account TO differ_reader USING (team = my_team());
GRANT SELECT ON account TO differ_reader;
