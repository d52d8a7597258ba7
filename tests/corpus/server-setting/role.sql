-- expects: server-setting
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
ALTER ROLE CURRENT_USER SET search_path TO public;
