-- safe
-- given
-- migration
CREATE TABLE draft (id int PRIMARY KEY, a text);
CREATE INDEX draft_a ON draft (a);
ALTER TABLE draft RENAME COLUMN a TO b;
ALTER TABLE draft RENAME TO final;
ALTER TABLE final ADD CHECK (b <> '');
ALTER TABLE final ALTER COLUMN b SET NOT NULL;
DROP INDEX draft_a;
