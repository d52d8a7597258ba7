CREATE PROCEDURE tidy(days integer) LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''%'', days; END';
