CREATE PROCEDURE tidy(days integer) LANGUAGE plpgsql AS 'BEGIN NULL; END';
