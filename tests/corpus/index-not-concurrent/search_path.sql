-- expects: index-not-concurrent
-- given
CREATE SCHEMA app;
CREATE TABLE app.items (id int PRIMARY KEY, name text);
-- migration
SET LOCAL search_path = app;
CREATE INDEX ON items (name);
