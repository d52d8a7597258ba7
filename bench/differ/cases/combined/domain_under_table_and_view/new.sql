CREATE FUNCTION is_code(t text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT t ~ ''^[A-Z]+$''';
CREATE DOMAIN code AS text CONSTRAINT code_form CHECK (is_code(VALUE));
CREATE TABLE trip (code code PRIMARY KEY);
CREATE VIEW trip_code AS SELECT code FROM trip;
