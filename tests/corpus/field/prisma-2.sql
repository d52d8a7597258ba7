-- expects: add-required-column
-- given
CREATE TABLE "User" ("id" text NOT NULL, "email" text NOT NULL, "name" text, CONSTRAINT "User_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Post" ("id" text NOT NULL, "title" text NOT NULL, "authorId" text NOT NULL, CONSTRAINT "Post_pkey" PRIMARY KEY ("id"));
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User" ("id");
CREATE INDEX "User_email_idx" ON "User" ("email");
-- migration
-- AlterTable
ALTER TABLE "User" ADD COLUMN     "tenantId" TEXT NOT NULL;
