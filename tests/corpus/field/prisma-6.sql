-- expects: type-change
-- given
CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN', 'OLD');
CREATE TABLE "Member" ("id" text PRIMARY KEY, "role" "Role" NOT NULL DEFAULT 'USER');
INSERT INTO "Member" VALUES ('m', 'USER');
-- migration
-- AlterEnum
BEGIN;
CREATE TYPE "Role_new" AS ENUM ('USER', 'ADMIN');
ALTER TABLE "Member" ALTER COLUMN "role" DROP DEFAULT;
ALTER TABLE "Member" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new");
ALTER TYPE "Role" RENAME TO "Role_old";
ALTER TYPE "Role_new" RENAME TO "Role";
DROP TYPE "Role_old";
ALTER TABLE "Member" ALTER COLUMN "role" SET DEFAULT 'USER';
COMMIT;
