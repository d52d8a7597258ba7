CREATE SCHEMA tools;
CREATE FUNCTION tools.new_code() RETURNS text LANGUAGE sql AS 'SELECT ''x''';
CREATE FUNCTION tools.code_size(text) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT length($1)';
CREATE TABLE trip (code text DEFAULT tools.new_code(), CONSTRAINT code_length CHECK (tools.code_size(code) < 9));
