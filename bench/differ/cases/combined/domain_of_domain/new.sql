CREATE DOMAIN code AS varchar(20);
CREATE DOMAIN filled_code AS code CHECK (VALUE <> '');
CREATE TABLE trip (code filled_code);
CREATE FUNCTION code_size(c code) RETURNS integer LANGUAGE sql AS 'SELECT length(c)';
CREATE VIEW codes AS SELECT code, code_size(code) AS size FROM trip;
