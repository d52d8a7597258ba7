-- expects: rename
-- given
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE moods (id bigint PRIMARY KEY, value mood);
-- migration
ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';
