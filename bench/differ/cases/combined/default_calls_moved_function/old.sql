CREATE FUNCTION new_code() RETURNS text LANGUAGE sql AS 'SELECT ''x''';
CREATE FUNCTION code_size(text) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT length($1)';
CREATE TABLE trip (code text DEFAULT new_code(), CONSTRAINT code_length CHECK (code_size(code) < 9));
