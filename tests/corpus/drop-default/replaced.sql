-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, state text NOT NULL DEFAULT 'new');
-- migration
ALTER TABLE users ALTER COLUMN state SET DEFAULT 'fresh';
