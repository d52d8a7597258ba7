-- expects: add-required-column
-- given
CREATE TABLE locked (id int PRIMARY KEY CHECK (id < 0 AND id > 0));
-- migration
ALTER TABLE locked ADD COLUMN region text NOT NULL;
