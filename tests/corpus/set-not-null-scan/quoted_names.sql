-- expects: set-not-null-scan
-- given
CREATE SCHEMA "Shop";
CREATE TABLE "Shop"."Order Lines" (id int PRIMARY KEY, "Unit Price" numeric(8, 2), sku varchar(20));
INSERT INTO "Shop"."Order Lines" VALUES (1, 2, 'x');
-- migration
ALTER TABLE "Shop"."Order Lines" ALTER COLUMN "Unit Price" SET NOT NULL;
