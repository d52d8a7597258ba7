-- expects: replica-identity
-- given
CREATE TABLE docs (id int PRIMARY KEY, body text);
CREATE PUBLICATION feed FOR TABLE docs;
-- migration
ALTER TABLE docs DROP CONSTRAINT docs_pkey;
