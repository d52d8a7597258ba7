-- expects: type-change
-- given
CREATE SCHEMA "Shop";
CREATE TABLE "Shop"."Order Lines" (id int PRIMARY KEY, "Unit Price" numeric(8, 2), sku varchar(20));
-- migration
ALTER TABLE "Shop"."Order Lines" ALTER COLUMN "Unit Price" SET DATA TYPE numeric(10, 4);
