-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
ALTER TABLE users DROP COLUMN IF EXISTS nickname;
