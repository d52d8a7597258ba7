-- expects: type-change
-- given
CREATE TABLE docs (id int PRIMARY KEY, body text);
INSERT INTO docs VALUES (1, '{}');
-- migration
ALTER TABLE docs ALTER COLUMN body TYPE jsonb USING body::jsonb;
