-- expects: rename
-- given
CREATE SCHEMA app;
CREATE TABLE app.users (id int PRIMARY KEY);
-- migration
ALTER SCHEMA app RENAME TO core;
