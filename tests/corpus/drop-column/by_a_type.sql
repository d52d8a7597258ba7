-- expects: drop-column
-- given
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE users (id int PRIMARY KEY, mood mood);
-- migration
DROP TYPE mood CASCADE;
