-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
-- migration
BEGIN;
ALTER TABLE users ADD COLUMN state text;
COMMIT;
BEGIN;
UPDATE users SET state = 'new' WHERE id BETWEEN 1 AND 1000;
COMMIT;
BEGIN;
UPDATE users SET state = 'new' WHERE id BETWEEN 1001 AND 2000;
COMMIT;
