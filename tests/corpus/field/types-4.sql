-- expects: enum-value
-- given
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE moods (id bigint PRIMARY KEY, value mood);
INSERT INTO moods VALUES (1, 'ok');
-- migration
ALTER TYPE mood ADD VALUE 'great';
UPDATE moods SET value = 'great' WHERE id = 1;
