-- expects: index-not-concurrent
-- given
CREATE SCHEMA app;
CREATE TABLE app.users (id int PRIMARY KEY, mail text);
INSERT INTO app.users VALUES (1, 'a');
-- migration
SET search_path = app;
CREATE INDEX users_mail ON users (mail);
