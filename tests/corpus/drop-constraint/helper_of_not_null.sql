-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, email text);
UPDATE users SET email = 'x';
ALTER TABLE users ADD CONSTRAINT email_there CHECK (email IS NOT NULL);
-- migration
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT email_there;
