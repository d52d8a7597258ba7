GRANT CREATE ON SCHEMA public TO differ_writer;
CREATE DOMAIN code AS text;
