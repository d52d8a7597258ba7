-- expects: rename
-- given
CREATE SCHEMA shop;
CREATE TABLE shop."Orders" (id int PRIMARY KEY, "Total" int);
-- migration
ALTER TABLE shop."Orders" RENAME "Total" TO total;
