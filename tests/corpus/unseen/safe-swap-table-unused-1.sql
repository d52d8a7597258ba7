-- safe
-- timeouts: file
-- given
CREATE TABLE "Legacy Import" ("Row" int PRIMARY KEY, "Text" text);
-- migration
SET lock_timeout = '2s';
ALTER TABLE "Legacy Import" ADD COLUMN "Imported At" timestamptz;
COMMENT ON TABLE "Legacy Import" IS 'kept; see docs';
