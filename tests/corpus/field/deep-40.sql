-- expects: drop-column
-- given
CREATE TYPE size AS ENUM ('s', 'm');
CREATE TABLE shirts (id int PRIMARY KEY, size size);
-- migration
DROP TYPE size CASCADE;
