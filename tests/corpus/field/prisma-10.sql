-- safe
-- given
-- migration
-- CreateEnum
CREATE TYPE "Kind" AS ENUM ('A', 'B');

-- CreateTable
CREATE TABLE "Thing" (
    "id" SERIAL NOT NULL,
    "kind" "Kind" NOT NULL DEFAULT 'A',

    CONSTRAINT "Thing_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Thing_kind_key" ON "Thing"("kind");
