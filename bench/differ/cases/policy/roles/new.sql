CREATE TABLE account (owner text);
CREATE POLICY own_rows ON account TO differ_reader, differ_writer USING (true);
