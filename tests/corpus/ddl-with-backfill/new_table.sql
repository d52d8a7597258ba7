-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
-- migration
CREATE TABLE states (id int PRIMARY KEY, name text);
INSERT INTO states VALUES (1, 'new'), (2, 'old');
ALTER TABLE states ADD COLUMN note text;
UPDATE states SET note = name;
