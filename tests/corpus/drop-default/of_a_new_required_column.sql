-- expects: drop-default
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
ALTER TABLE users ADD COLUMN state text NOT NULL DEFAULT 'new';
ALTER TABLE users ALTER COLUMN state DROP DEFAULT;
