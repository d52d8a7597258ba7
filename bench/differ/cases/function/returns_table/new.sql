CREATE FUNCTION trips() RETURNS TABLE (id integer, title text) LANGUAGE sql AS 'SELECT 1, ''x''';
