-- safe
-- given
CREATE TABLE parent (id int);
CREATE TABLE child () INHERITS (parent);
INSERT INTO child VALUES (1);
-- migration
ALTER TABLE parent ADD COLUMN label text;
