GRANT CREATE ON SCHEMA public TO differ_writer;
CREATE DOMAIN code AS text;
ALTER DOMAIN code OWNER TO differ_writer;
