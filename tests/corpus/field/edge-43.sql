-- safe
-- given
CREATE SCHEMA app;
CREATE TABLE app.things (id int PRIMARY KEY);
-- migration
SET search_path TO app, public;
ALTER TABLE things ADD COLUMN label text;
