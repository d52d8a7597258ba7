-- expects: disable-trigger
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
ALTER TABLE users DISABLE TRIGGER ALL;
