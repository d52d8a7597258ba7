-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, name varchar(20));
-- migration
ALTER TABLE users ADD COLUMN state text;
ALTER TABLE users ALTER COLUMN state SET DEFAULT 'new';
ALTER TABLE users ALTER COLUMN name TYPE varchar(40);
COMMENT ON COLUMN users.state IS 'where the user is';
