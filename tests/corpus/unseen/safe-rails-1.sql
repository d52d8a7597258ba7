-- safe
-- timeouts: file
-- given
CREATE TABLE users (id bigserial PRIMARY KEY, email character varying NOT NULL);
CREATE TABLE schema_migrations (version character varying PRIMARY KEY);
-- migration
BEGIN;
SET LOCAL lock_timeout = '2s';
CREATE TABLE "sessions" ("id" bigserial primary key, "token" character varying NOT NULL, "user_id" bigint NOT NULL, "created_at" timestamp(6) NOT NULL, CONSTRAINT "fk_rails_758836b4f0" FOREIGN KEY ("user_id") REFERENCES "users" ("id"));
CREATE UNIQUE INDEX "index_sessions_on_token" ON "sessions" ("token");
CREATE INDEX "index_sessions_on_user_id" ON "sessions" ("user_id");
INSERT INTO "schema_migrations" (version) VALUES ('20260102030405');
COMMIT;
