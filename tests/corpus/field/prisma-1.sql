-- expects: index-not-concurrent
-- given
CREATE TABLE "User" ("id" text NOT NULL, "email" text NOT NULL, "name" text, CONSTRAINT "User_pkey" PRIMARY KEY ("id"));
CREATE TABLE "Post" ("id" text NOT NULL, "title" text NOT NULL, "authorId" text NOT NULL, CONSTRAINT "Post_pkey" PRIMARY KEY ("id"));
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User" ("id");
CREATE INDEX "User_email_idx" ON "User" ("email");
-- migration
-- CreateIndex
CREATE INDEX "Post_authorId_idx" ON "Post"("authorId");
