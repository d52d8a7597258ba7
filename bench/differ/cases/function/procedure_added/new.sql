CREATE PROCEDURE tidy(days integer) LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''100%% of % days'', days; END';
