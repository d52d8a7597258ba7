-- expects: enum-value
-- given
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE moods (id bigint PRIMARY KEY, value mood);
-- migration
ALTER TYPE mood ADD VALUE 'new';
ALTER TABLE moods ALTER COLUMN value SET DEFAULT 'new';
