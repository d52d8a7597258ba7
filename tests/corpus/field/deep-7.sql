-- expects: set-not-null-scan
-- given
CREATE TABLE parent (id int, note text);
CREATE TABLE child () INHERITS (parent);
INSERT INTO child VALUES (1, 'a');
-- migration
ALTER TABLE parent ALTER COLUMN note SET NOT NULL;
