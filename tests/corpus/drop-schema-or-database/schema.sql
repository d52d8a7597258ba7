-- expects: drop-schema-or-database
-- given
CREATE SCHEMA reporting;
CREATE TABLE reporting.daily (id int PRIMARY KEY);
-- migration
DROP SCHEMA reporting CASCADE;
