-- expects: drop-default
-- timeouts: file
-- given
CREATE TABLE auth_user (id serial PRIMARY KEY, username varchar(150) NOT NULL UNIQUE, is_active boolean NOT NULL, date_joined timestamptz NOT NULL);
CREATE TABLE blog_entry (id bigserial PRIMARY KEY, headline varchar(255) NOT NULL, body_text text NOT NULL, pub_date date, rating integer NOT NULL, author_id integer);
CREATE INDEX blog_entry_author_id_2f1a ON blog_entry (author_id);
CREATE TABLE blog_comment (id bigserial PRIMARY KEY, entry_id bigint NOT NULL REFERENCES blog_entry (id) DEFERRABLE INITIALLY DEFERRED, body text);
CREATE INDEX blog_comment_entry_id_9c3d ON blog_comment (entry_id);
-- migration
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE "blog_entry" ADD COLUMN "language" varchar(8) DEFAULT 'en' NOT NULL;
ALTER TABLE "blog_entry" ALTER COLUMN "language" DROP DEFAULT;
COMMIT;
