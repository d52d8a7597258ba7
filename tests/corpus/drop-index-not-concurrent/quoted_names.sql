-- expects: drop-index-not-concurrent
-- given
CREATE SCHEMA "Shop";
CREATE TABLE "Shop"."Order Lines" (id int PRIMARY KEY, "Unit Price" numeric(8, 2), sku varchar(20));
CREATE INDEX "Lines by SKU" ON "Shop"."Order Lines" (sku);
-- migration
DROP INDEX "Shop"."Lines by SKU";
